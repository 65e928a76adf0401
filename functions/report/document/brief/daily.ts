import type { Strategy } from '../../../comparison/contract.ts';
import { count, factor, percent, points, usd } from '../../../formatting.ts';
import { curvesChart } from '../../charts/equity-curves.ts';
import type { DailyReport, DailySection } from '../../contract.ts';
import { type Block, type Figure, left, right } from '../blocks.ts';
import { chartBlock } from '../chart-block.ts';
import { armName } from '../experiments.ts';
import { firstSentence, nameOf } from '../format.ts';
import { isOnlyOutside, verdictBlock } from '../headline.ts';
import { plain } from '../plain.ts';
import { intervalBlock } from './interval-bar.ts';
import { problemBlocks } from './problems.ts';

/** Most strategies in the brief report. */
const MOST_STRATEGIES = 3;

/** The daily section of a bot on one screen: what to do, the day, the curve, baseline and candidate, what is wrong, the last strategies. */
export function briefDailySection(section: DailySection, { complete }: Pick<DailyReport, 'complete'>): Block[] {
  const { bot_id, verdict, experiments, correction, strategies } = section;
  return [
    { type: 'heading', level: 2, text: `Bot ${plain(bot_id, 64)}` },
    ...testBlocks(experiments),
    verdictBlock(verdict),
    { type: 'figures', figures: figuresOf(section, complete) },
    ...(correction ? [{ type: 'text', text: correction, strong: true } as const] : []),
    ...chartBlock(curveOf(section)),
    ...armsTable(verdict),
    ...(verdict?.baseline ? intervalBlock(verdict) : []),
    ...oneTradeBlock(verdict),
    ...problemBlocks(section),
    ...strategiesTable(strategies),
  ];
}

/** The running test, which is fairer than before and after. */
export function testBlocks([test]: DailySection['experiments']): Block[] {
  if (!test) return [];
  const { text, more } = firstSentence(test.verdict.summary);
  const names = `${armName(test.candidate)} against ${armName(test.baseline)}`;
  return [
    { type: 'callout', tone: test.verdict.kind, text: `Test, ${test.status}: ${text}`, more: `${names}. ${more}` },
  ];
}

/** The figures of the day, each next to the average of the strategy's days with trades. */
function figuresOf(section: DailySection, complete: boolean): Figure[] {
  const { day, strategies } = section;
  const absent = isOnlyOutside(section);
  const [active] = strategies;
  const days = active?.days_with_trades ?? 0;
  const average = (total: number | undefined) => (days > 1 && total !== undefined ? total / days : null);
  const [pnl, trades] = [average(active?.total_pnl), average(active?.total_trades)];
  const rate =
    days > 1 && day.win_rate !== null && active?.avg_win_rate != null ? day.win_rate - active.avg_win_rate : null;
  const against = (change: string) => `${change} against the average`;
  return [
    {
      label: complete ? 'P&L of the day' : 'P&L of the day so far',
      value: usd(absent ? null : day.total_pnl_usd),
      ...(pnl !== null && !absent && { note: against(signed(day.total_pnl_usd - pnl, usd)) }),
    },
    {
      label: 'Trades',
      value: count(absent ? null : day.total_trades),
      ...(trades !== null && !absent && { note: against(signed(Math.round(day.total_trades - trades) || 0, count)) }),
    },
    {
      label: 'Win rate',
      value: percent(day.win_rate),
      ...(rate !== null && { note: against(signed(rate, points)) }),
    },
  ];
}

/** @example signed(1.5, usd) // '+$1.50' */
const signed = (value: number, format: (value: number | null) => string): string =>
  `${value > 0 ? '+' : ''}${format(value)}`;

const curveOf = ({ curves, strategies }: DailySection) =>
  curvesChart(
    curves.map(({ snapshot_id, points: all }) => {
      const strategy = strategies.find((each) => each.snapshot_id === snapshot_id);
      return {
        snapshot_id,
        name: nameOf({ snapshot_id, notes: strategy?.notes ?? null }),
        active: strategy?.active_until === null,
        points: all,
      };
    }),
  );

/** Baseline and candidate in six rows. */
function armsTable(verdict: DailySection['verdict']): Block[] {
  if (!verdict?.baseline || !verdict.candidate) return [];
  const { expectancy, win_rate, profit_factor, pnl_per_day_usd, max_drawdown_usd, trades } = verdict;
  type Both = { readonly baseline: number | null; readonly candidate: number | null };
  const row = (label: string, format: (value: number | null) => string, { baseline, candidate }: Both) => [
    label,
    format(baseline),
    format(candidate),
  ];
  return [
    {
      type: 'table',
      caption: `Old: ${nameOf(verdict.baseline, 30)}. New: ${nameOf(verdict.candidate, 30)}`,
      columns: [left('Measure'), right('Old'), right('New')],
      rows: [
        row('Expectancy', usd, expectancy),
        row('Win rate', percent, win_rate),
        row('Profit factor', factor, profit_factor),
        row('P&L per day', usd, pnl_per_day_usd),
        row('Drawdown', usd, max_drawdown_usd),
        row('Trades', count, trades),
      ],
    },
  ];
}

/** A warning that a single trade decides which settings look better. */
export function oneTradeBlock(verdict: DailySection['verdict']): Block[] {
  const note = verdict?.label_notes.one_trade;
  return note === undefined ? [] : [{ type: 'text', text: note, strong: true }];
}

export function strategiesTable(strategies: readonly Strategy[]): Block[] {
  if (strategies.length === 0) return [];
  return [
    {
      type: 'table',
      caption: 'The last strategies, newest first',
      columns: [left('Strategy'), right('Trades'), right('P&L'), right('Per trade')],
      rows: strategies
        .slice(0, MOST_STRATEGIES)
        .map((strategy) => [
          nameOf(strategy, 40),
          count(strategy.total_trades),
          usd(strategy.total_pnl),
          usd(strategy.avg_expectancy),
        ]),
    },
  ];
}
