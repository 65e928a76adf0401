import type { Target } from '../../comparison/contract.ts';
import { beside, factor, percent, usd } from '../../formatting.ts';
import { type Block, left, right } from './blocks.ts';

/** Each target in the unit of its measure. */
const units: Readonly<Record<string, (value: number | null) => string>> = {
  'win rate': percent,
  'profit factor': factor,
  expectancy: usd,
  'fast exits': percent,
};

/** @example wanted({ …, target: '> 25 %' }) // 'over 25 %' */
const wanted = ({ target }: Target): string => target.replace('>', 'over').replace('<', 'under');

/** Met or missed, in a few words. @example targetSentence(targets) // 'missed 1 of 4: win rate over 25 %' */
export function targetSentence(targets: readonly Target[]): string {
  if (targets.every(({ met }) => met === null)) return 'nothing to measure yet';
  const missed = targets.filter(({ met }) => met === false);
  if (missed.length === 0) return 'every target met';
  return `missed ${missed.length} of ${targets.length}: ${missed.map((target) => `${target.name} ${wanted(target)}`).join(', ')}`;
}

export function targetTable(targets: readonly Target[]): Block {
  return {
    type: 'table',
    caption: `Targets of the active strategy: ${targetSentence(targets)}; luck alone can meet them`,
    columns: [left('Target'), right('Wanted'), right('Reached'), right('')],
    rows: targets.map((target) => {
      const { name, value, limit, met } = target;
      return [
        name,
        wanted(target),
        beside(limit, value, units[name] ?? factor),
        met === null ? 'no data' : met ? 'met' : 'missed',
      ];
    }),
  };
}
