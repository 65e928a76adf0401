import type { Look, Strategy } from '../../comparison/contract.ts';
import { targetSentence } from '../../comparison/targets.ts';
import type { Verdict } from '../../comparison/verdict/contract.ts';
import type { Change } from '../../snapshots/contract.ts';
import type { DailySection } from '../contract.ts';
import { type Block, left, right } from './blocks.ts';
import { count, counted, factor, oneDigit, pairOf, percent, points, shortDay, usd } from './format.ts';
import { plain, settingOf } from './plain.ts';

/** Is it better than before the change? Baseline beside candidate, the targets, and the settings that changed. */
export function changeBlocks({ verdict, changes, strategies, looks }: DailySection): Block[] {
  const [active] = strategies;
  if (!verdict || !active) return [];
  const pair = pairOf(verdict);
  const targets: Block[] = [
    { type: 'text', text: `Targets of the active strategy: ${targetSentence(active.targets)}.` },
  ];
  if (pair === null) return [...targets, targetTable(active)];
  return [
    { type: 'heading', level: 3, text: 'Better than before the change?' },
    { type: 'text', text: pair },
    comparisonTable(verdict),
    ...looksTable(looks),
    ...targets,
    targetTable(active),
    ...settingsTable(changes),
    ...(verdict.labels.length > 0
      ? [
          { type: 'text', text: 'Before you believe it:', strong: true } as const,
          { type: 'list', items: Object.values(verdict.label_notes).map((note) => plain(note, 600)) } as const,
        ]
      : []),
  ];
}

function comparisonTable(verdict: Verdict): Block {
  const { expectancy, win_rate, profit_factor, pnl_per_day_usd: perDay, max_drawdown_usd: drawdown } = verdict;
  const { fast_exit_rate: fast, days, trades } = verdict;
  const row = (
    label: string,
    write: (value: number | null) => string,
    of: { readonly baseline: number | null; readonly candidate: number | null },
    difference = '',
  ) => [label, write(of.baseline), write(of.candidate), difference];
  const times = profit_factor.ratio === null ? '–' : `× ${factor(profit_factor.ratio)}`;
  return {
    type: 'table',
    caption: 'Baseline beside candidate; in brackets what is compatible with the data',
    columns: [left('Measure'), right('Baseline'), right('Candidate'), right('Difference')],
    rows: [
      row('Expectancy', usd, expectancy, `${usd(expectancy.difference)}${interval(expectancy, usd)}`),
      row('Win rate', percent, win_rate, `${points(win_rate.difference)}${interval(win_rate, oneDigit)}`),
      row('Profit factor', factor, profit_factor, `${times}${interval(profit_factor, factor)}`),
      row('P&L a day', usd, perDay),
      row('Drawdown', usd, drawdown),
      row('Fast exits', percent, fast),
      row('Days', count, days),
      row('Trades', count, trades),
    ],
  };
}

const interval = (
  { lower, upper }: { readonly lower: number | null; readonly upper: number | null },
  write: (value: number | null) => string,
): string => (lower === null || upper === null ? '' : ` (${write(lower)} to ${write(upper)})`);

const LATEST_LOOKS = 5;

/** How the difference has moved; the picture shows all looks. */
function looksTable(looks: readonly Look[]): Block[] {
  if (looks.length < 2) return [];
  return [
    {
      type: 'table',
      caption: `Difference in expectancy, the latest of ${counted(looks.length, 'look')}`,
      columns: [left('Day'), right('Difference')],
      rows: looks
        .slice(-LATEST_LOOKS)
        .map((look) => [shortDay(look.date), `${usd(look.difference)}${interval(look, usd)}`]),
    },
  ];
}

/** Each target in the unit of its measure. */
const units: Readonly<Record<string, (value: number | null) => string>> = {
  'win rate': percent,
  'profit factor': factor,
  expectancy: usd,
  'fast exits': percent,
};

function targetTable({ targets }: Strategy): Block {
  return {
    type: 'table',
    caption: 'What you work to; a target met is not yet evidence',
    columns: [left('Target'), right('Wanted'), right('Reached'), right('')],
    rows: targets.map(({ name, value, target, met }) => [
      name,
      target,
      (units[name] ?? factor)(value),
      met === null ? 'no data' : met ? 'met' : 'missed',
    ]),
  };
}

const MOST_CHANGES = 12;

function settingsTable(changes: readonly Change[]): Block[] {
  if (changes.length === 0) return [];
  const rest = changes.length - MOST_CHANGES;
  return [
    {
      type: 'table',
      caption: `What changed: ${counted(changes.length, 'setting')}`,
      columns: [left('Setting'), left('Before'), left('After')],
      rows: changes
        .slice(0, MOST_CHANGES)
        .map(({ path, before, after }) => [plain(path, 60), settingOf(before), settingOf(after)]),
    },
    ...(rest > 0 ? [{ type: 'text', text: `And ${counted(rest, 'setting')} more.` } as const] : []),
  ];
}
