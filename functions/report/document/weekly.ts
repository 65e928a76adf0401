import { count, factor, percent, usd } from '../../formatting.ts';
import { shortDay } from '../../summaries/days.ts';
import { daysChart } from '../charts/days.ts';
import { hoursChart } from '../charts/hours.ts';
import type { Performance, WeeklyReview, WeeklySection } from '../contract.ts';
import type { Group } from '../groups/contract.ts';
import { type Block, left, right } from './blocks.ts';
import { chartBlock } from './chart-block.ts';
import { trustBlocks } from './data-quality.ts';
import { armsOf } from './format.ts';
import { headlineBlocks } from './headline.ts';
import { strategyBlocks } from './strategies.ts';
import { symbolBlocks } from './symbols.ts';
import { groupTable, heaviest, moneyBlocks } from './trade-groups.ts';

/** The weekly section of a bot: the week compared with the week before and the baseline, symbols to act on, and signals that earned. */
export function weeklySection(section: WeeklySection, report: WeeklyReview): Block[] {
  return [
    ...headlineBlocks(section, { pnl: 'P&L of the week', complete: report.complete }),
    weeksTable(section),
    ...(section.verdict ? [{ type: 'list', items: armsOf(section.verdict) } as const] : []),
    ...chartBlock(daysChart(section.days)),
    ...daysTable(section),
    ...symbolBlocks(section.symbols),
    ...signalBlocks(section),
    ...chartBlock(
      hoursChart(
        section.by_hour.map(({ name, total_pnl_usd, total_trades }) => ({
          hour: Number(name),
          total_pnl_usd,
          trades: total_trades,
        })),
      ),
    ),
    ...strategyBlocks(section.strategies),
    ...moneyBlocks(section),
    ...trustBlocks(section, report),
  ];
}

function daysTable({ days }: WeeklySection): Block[] {
  if (days.every(({ total_trades }) => total_trades === 0)) return [];
  return [
    {
      type: 'table',
      caption: 'P&L by day, this week and the week before',
      columns: [left('Day'), right('Trades'), right('P&L')],
      rows: days.map(({ date, total_trades, total_pnl_usd }) => [
        shortDay(date),
        count(total_trades),
        usd(total_pnl_usd),
      ]),
    },
  ];
}

type Format = (value: number | null) => string;

export function weeksTable({ week, week_before, verdict }: WeeklySection): Block {
  const row = (
    label: string,
    format: Format,
    metric: (week: Performance) => number | null,
    baseline?: { readonly baseline: number | null },
  ) => [
    label,
    ...[week, week_before].map((each) => (each.calendar_days === 0 ? '–' : format(metric(each)))),
    !verdict?.baseline ? '–' : baseline ? format(baseline.baseline) : '',
  ];
  return {
    type: 'table',
    caption: 'This week, the week before and the baseline over all its days',
    columns: [left('Measure'), right('This week'), right('Week before'), right('Baseline')],
    rows: [
      row('P&L per day', usd, (of) => of.pnl_per_day_usd, verdict?.pnl_per_day_usd),
      row('P&L', usd, (of) => of.total_pnl_usd),
      row('Trades', count, (of) => of.total_trades, verdict?.trades),
      row('Win rate', percent, (of) => of.win_rate, verdict?.win_rate),
      row('Profit factor', factor, (of) => of.profit_factor, verdict?.profit_factor),
      row('Expectancy', usd, (of) => of.expectancy_usd, verdict?.expectancy),
      row('Fast exits', percent, (of) => of.fast_exit_rate, verdict?.fast_exit_rate),
    ],
  };
}

/** The buy score relative to its target, by the number of the bucket. */
const SCORES = ['below the target', 'up to 0.5 above', '0.5 to 1 above', '1 to 2 above', '2 or more above'];

function signalBlocks({ by_score, by_indicator_count, by_indicator, week }: WeeklySection): Block[] {
  if (week.total_trades === 0) return [];
  const byNumber = (groups: readonly Group[], name: (n: number) => string) =>
    groups
      .toSorted((a, b) => Number(a.name ?? Infinity) - Number(b.name ?? Infinity))
      .map((group) => (group.name === null ? group : { ...group, name: name(Number(group.name)) }));
  return [
    { type: 'heading', level: 3, text: 'Which signals earned' },
    groupTable(
      'By buy score, relative to the buy target of its own snapshot',
      byNumber(by_score, (bucket) => SCORES[bucket] ?? ''),
      'Score',
    ),
    groupTable('By number of indicators that contributed', byNumber(by_indicator_count, String), 'Indicators'),
    ...(by_indicator.length > 0
      ? [
          groupTable(
            'By contributing indicator; a trade counts for each of its indicators',
            heaviest(by_indicator, 'overlapping'),
            'Indicator',
          ),
        ]
      : []),
  ];
}
