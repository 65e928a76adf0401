import type { Target } from '../../comparison/contract.ts';
import { distinguishedFrom, factor, percent, usd } from '../../formatting.ts';
import { type Block, left, right } from './blocks.ts';

/** The format of each target. */
const formats: Readonly<Record<string, (value: number | null) => string>> = {
  'win rate': percent,
  'profit factor': factor,
  expectancy: usd,
  'fast exits': percent,
};

/** @example goalOf({ …, target: '> 25 %' }) // 'over 25 %' */
const goalOf = ({ target }: Target): string => target.replace('>', 'over').replace('<', 'under');

/** Summarizes which targets are missed. @example targetSentence(targets) // 'missed 1 of 4: win rate over 25 %' */
export function targetSentence(targets: readonly Target[]): string {
  if (targets.every(({ met }) => met === null)) return 'nothing to measure yet';
  const missed = targets.filter(({ met }) => met === false);
  if (missed.length === 0) return 'every target met';
  return `missed ${missed.length} of ${targets.length}: ${missed.map((target) => `${target.name} ${goalOf(target)}`).join(', ')}`;
}

export function targetTable(targets: readonly Target[]): Block {
  return {
    type: 'table',
    caption: `Targets of the active settings: ${targetSentence(targets)}; they can be met by luck`,
    columns: [left('Target'), right('Goal'), right('Actual'), right('')],
    rows: targets.map((target) => {
      const { name, value, limit, met } = target;
      return [
        name,
        goalOf(target),
        distinguishedFrom(limit, value, formats[name] ?? factor),
        met === null ? 'no data' : met ? 'met' : 'missed',
      ];
    }),
  };
}
