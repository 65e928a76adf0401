import type { Verdict } from '../../comparison/verdict/contract.ts';
import { count, counted, factor, percent, usd } from '../../formatting.ts';
import { shortDay } from '../../summaries/days.ts';
import { daysChart } from '../charts/days.ts';
import { hoursChart } from '../charts/hours.ts';
import type { Group, Performance, WeeklyReview, WeeklySection } from '../contract.ts';
import { type Block, left, right } from './blocks.ts';
import { chartBlock } from './chart-block.ts';
import { trustBlocks } from './data-quality.ts';
import { armsOf } from './format.ts';
import { headlineBlocks } from './headline.ts';
import { plain } from './plain.ts';
import { strategyBlocks } from './strategies.ts';
import { groupTable, heaviest, moneyBlocks } from './trade-groups.ts';

/** A bot's week: beside the week before and the baseline, what to drop, what to keep, and which signals earned. */
export function weeklySection(section: WeeklySection, { complete, time_zone }: WeeklyReview): Block[] {
  return [
    ...headlineBlocks(section, { pnl: 'P&L of the week', complete }),
    weeksTable(section),
    ...(section.verdict ? [{ type: 'list', items: armsOf(section.verdict) } as const] : []),
    ...chartBlock(daysChart(section.days)),
    ...daysTable(section),
    ...symbolBlocks(section),
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
    ...trustBlocks(section, time_zone),
  ];
}

function daysTable({ days }: WeeklySection): Block[] {
  if (days.every(({ total_trades }) => total_trades === 0)) return [];
  return [
    {
      type: 'table',
      caption: 'P&L by day, of the week and of the week before',
      columns: [left('Day'), right('Trades'), right('P&L')],
      rows: days.map(({ date, total_trades, total_pnl_usd }) => [
        shortDay(date),
        count(total_trades),
        usd(total_pnl_usd),
      ]),
    },
  ];
}

function weeksTable({ week, week_before, verdict }: WeeklySection): Block {
  const row = (label: string, of: (week: Performance) => string, baseline: (verdict: Verdict) => string) => [
    label,
    ...[week, week_before].map((each) => (each.calendar_days === 0 ? '–' : of(each))),
    verdict?.baseline ? baseline(verdict) : '–',
  ];
  return {
    type: 'table',
    caption: 'The week beside the week before and the baseline, all of its days',
    columns: [left('Measure'), right('This week'), right('Week before'), right('Baseline')],
    rows: [
      row(
        'P&L a day',
        ({ pnl_per_day_usd }) => usd(pnl_per_day_usd),
        (v) => usd(v.pnl_per_day_usd.baseline),
      ),
      row(
        'P&L',
        ({ total_pnl_usd }) => usd(total_pnl_usd),
        () => '',
      ),
      row(
        'Trades',
        ({ total_trades }) => count(total_trades),
        (v) => count(v.trades.baseline),
      ),
      row(
        'Win rate',
        ({ win_rate }) => percent(win_rate),
        (v) => percent(v.win_rate.baseline),
      ),
      row(
        'Profit factor',
        ({ profit_factor }) => factor(profit_factor),
        (v) => factor(v.profit_factor.baseline),
      ),
      row(
        'Expectancy',
        ({ expectancy_usd }) => usd(expectancy_usd),
        (v) => usd(v.expectancy.baseline),
      ),
      row(
        'Fast exits',
        ({ fast_exit_rate }) => percent(fast_exit_rate),
        (v) => percent(v.fast_exit_rate.baseline),
      ),
    ],
  };
}

/** So many are named; the JSON has all. */
const MOST_NAMED = 10;

function symbolBlocks({ consider_excluding, stars, week }: WeeklySection): Block[] {
  if (week.total_trades === 0) return [];
  const said = (groups: readonly Group[]) =>
    groups
      .slice(0, MOST_NAMED)
      .map(
        ({ name, total_trades, total_pnl_usd, win_rate }) =>
          `${plain(name ?? '', 24)} (${usd(total_pnl_usd)}, ${counted(total_trades, 'trade')}, ${percent(win_rate)} won)`,
      )
      .join('; ');
  return [
    { type: 'heading', level: 3, text: 'Symbols to act on' },
    {
      type: 'list',
      items: [
        consider_excluding.length === 0
          ? 'None to consider excluding.'
          : `Consider excluding: ${said(consider_excluding)}.`,
        stars.length === 0 ? 'No stars.' : `Stars: ${said(stars)}.`,
      ],
    },
  ];
}

/** Where the buy score stood, by the number of its bucket. */
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
      'By buy score, beside the buy target of its own snapshot',
      byNumber(by_score, (bucket) => SCORES[bucket] ?? ''),
      'Score',
    ),
    groupTable('By how many indicators spoke for it', byNumber(by_indicator_count, String), 'Indicators'),
    ...(by_indicator.length > 0
      ? [
          groupTable(
            'By indicator that spoke for it; a trade counts for each',
            heaviest(by_indicator, 'overlapping'),
            'Indicator',
          ),
        ]
      : []),
  ];
}
