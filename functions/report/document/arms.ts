import type { Look } from '../../comparison/contract.ts';
import { figureNames, figures } from '../../comparison/figures.ts';
import type { Verdict } from '../../comparison/verdict/contract.ts';
import { count, counted, factor, percent, points, usd } from '../../formatting.ts';
import type { Change } from '../../snapshots/contract.ts';
import { shortDay } from '../../summaries/days.ts';
import type { DailySection } from '../contract.ts';
import { type Block, left, right } from './blocks.ts';
import { armsOf } from './format.ts';
import { plain, settingOf } from './plain.ts';
import { targetTable } from './targets.ts';

/** Compares baseline and candidate: their figures, the targets, the changed settings and the caveats. */
export function changeBlocks({
  verdict,
  changes,
  targets,
  looks,
}: Pick<DailySection, 'verdict' | 'changes' | 'targets' | 'looks'>): Block[] {
  if (!verdict) return [];
  const arms = armsOf(verdict);
  if (arms.length === 0) return [targetTable(targets)];
  return [
    { type: 'heading', level: 3, text: 'Is it better than before the change?' },
    { type: 'list', items: arms },
    comparisonTable(verdict),
    ...intervalTable(verdict),
    ...looksTable(looks),
    targetTable(targets),
    ...changesTable(changes),
    ...(verdict.labels.length > 0
      ? [
          { type: 'text', text: 'Before you rely on it:', strong: true } as const,
          { type: 'list', items: Object.values(verdict.label_notes).map((note) => plain(note, 600)) } as const,
        ]
      : []),
  ];
}

type Format = (value: number | null) => string;

const times: Format = (ratio) => (ratio === null ? factor(ratio) : `× ${factor(ratio)}`);

function comparisonTable(verdict: Verdict): Block {
  const { expectancy, win_rate, profit_factor, days, trades } = verdict;
  const row = (
    label: string,
    format: Format,
    values: { readonly baseline: number | null; readonly candidate: number | null },
    difference = '',
  ) => [label, format(values.baseline), format(values.candidate), difference];
  return {
    type: 'table',
    caption: 'Baseline and candidate',
    columns: [left('Measure'), right('Baseline'), right('Candidate'), right('Difference')],
    rows: [
      row('Expectancy', usd, expectancy, usd(expectancy.difference)),
      row('Win rate', percent, win_rate, points(win_rate.difference)),
      row('Profit factor', factor, profit_factor, times(profit_factor.ratio)),
      ...figureNames.map((name) => row(figures[name].label, figures[name].format, verdict[name])),
      row('Days with trades', count, days),
      row('Trades', count, trades),
    ],
  };
}

/** The intervals of the differences; none before the first look. */
function intervalTable({ looks, expectancy, win_rate, profit_factor }: Verdict): Block[] {
  if (looks === 0) return [];
  const row = (
    label: string,
    format: Format,
    { lower, upper }: { readonly lower: number | null; readonly upper: number | null },
  ) => [label, ...boundsOf({ lower, upper }, format)];
  return [
    {
      type: 'table',
      caption: 'The interval: differences that fit the data so far',
      columns: [left('Measure'), right('From'), right('To')],
      rows: [
        row('Expectancy', usd, expectancy),
        row('Win rate', points, win_rate),
        row('Profit factor', times, profit_factor),
      ],
    },
  ];
}

const boundsOf = (
  { lower, upper }: { readonly lower: number | null; readonly upper: number | null },
  format: Format,
): string[] => (lower === null || upper === null ? ['no bound', 'no bound'] : [format(lower), format(upper)]);

/** Most looks in the table; the chart shows all. */
const LATEST_LOOKS = 5;

/** The difference and its interval at the latest looks. */
function looksTable(looks: readonly Look[]): Block[] {
  if (looks.length < 2) return [];
  return [
    {
      type: 'table',
      caption: `Difference in expectancy and its interval, the latest of ${counted(looks.length, 'look')}`,
      columns: [left('Day'), right('Difference'), right('From'), right('To')],
      rows: looks
        .slice(-LATEST_LOOKS)
        .map((look) => [shortDay(look.date), usd(look.difference), ...boundsOf(look, usd)]),
    },
  ];
}

/** Most changed settings in the table. */
const MOST_CHANGES = 12;

export function changesTable(changes: readonly Change[], most = MOST_CHANGES): Block[] {
  if (changes.length === 0) return [];
  const rest = changes.length - most;
  return [
    {
      type: 'table',
      caption: `What changed: ${counted(changes.length, 'setting')}`,
      columns: [left('Setting'), left('Before'), left('After')],
      rows: changes
        .slice(0, most)
        .map(({ path, before, after }) => [plain(path, 60), settingOf(before), settingOf(after)]),
    },
    ...(rest > 0 ? [{ type: 'text', text: `And ${counted(rest, 'more setting')}.` } as const] : []),
  ];
}
