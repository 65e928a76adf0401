import type { Strategy } from '../../../comparison/contract.ts';
import { count, factor, percent, points, usd } from '../../../formatting.ts';
import { curvesChart } from '../../charts/equity-curves.ts';
import type { DailyReport, DailySection } from '../../contract.ts';
import type { Section } from '../../sections.ts';
import { type Block, type Callout, type Figure, left, right } from '../blocks.ts';
import { chartBlock } from '../chart-block.ts';
import { armName } from '../experiments.ts';
import { firstSentence, nameOf } from '../format.ts';
import { isOnlyOutside, verdictBlock } from '../headline.ts';
import { linksTo } from '../page-links.ts';
import { plain } from '../plain.ts';
import { intervalBlock } from './interval-bar.ts';
import { problemBlocks } from './problems.ts';

/** Most strategies in the brief report. */
const MOST_STRATEGIES = 3;

/** The daily section of a bot on one screen: what to do, the day, the curve, baseline and candidate, what is wrong, the last strategies. */
export function briefDailySection(
  section: DailySection,
  report: Pick<DailyReport, 'complete' | 'dashboard_url' | 'date'>,
): Block[] {
  const { bot_id, correction, strategies } = section;
  return [
    { type: 'heading', level: 2, text: `Bot ${plain(bot_id, 64)}` },
    decisionBlock(section),
    ...linksTo(section, report),
    { type: 'figures', figures: figuresOf(section, report.complete) },
    ...(correction ? [{ type: 'text', text: correction, strong: true } as const] : []),
    ...chartBlock(curveOf(section)),
    ...armsTable(section),
    ...evidenceBlocks(section),
    ...problemBlocks(section),
    ...strategiesTable(strategies),
  ];
}

/** What to do: by the test of these days, which is fairer than before and after, or else by the latter. */
export function decisionBlock({ verdict, experiments: [test] }: Section): Callout {
  if (!test) return verdictBlock(verdict);
  const { text, more } = firstSentence(test.verdict.summary);
  const names = `${armName(test.candidate)} against ${armName(test.baseline)}`;
  return { type: 'callout', tone: test.verdict.kind, text: `Test, ${test.status}: ${text}`, more: `${names}. ${more}` };
}

/** The interval of the difference, and a warning when a single trade decides its sign. */
export function evidenceBlocks({ verdict, experiments: [test] }: Section): Block[] {
  if (test) return intervalBlock(test.verdict);
  return verdict?.baseline ? [...intervalBlock(verdict), ...oneTradeBlock(verdict)] : [];
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
  return [
    {
      label: complete ? 'P&L of the day' : 'P&L of the day so far',
      value: usd(absent ? null : day.total_pnl_usd),
      ...(pnl !== null && !absent && { note: comparedToAverage(day.total_pnl_usd - pnl, usd) }),
    },
    {
      label: 'Trades',
      value: count(absent ? null : day.total_trades),
      ...(trades !== null && !absent && { note: comparedToAverage(Math.round(day.total_trades - trades), count) }),
    },
    {
      label: 'Win rate',
      value: percent(day.win_rate),
      ...(rate !== null && { note: comparedToAverage(rate, points) }),
    },
  ];
}

/** @example comparedToAverage(-1.5, usd) // '$1.50 below the average day' */
function comparedToAverage(difference: number, format: (value: number | null) => string): string {
  if (difference === 0) return 'as on the average day';
  return `${format(Math.abs(difference))} ${difference < 0 ? 'below' : 'above'} the average day`;
}

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

/** Old and new settings in six rows; of a test, those that it compares. */
function armsTable({ verdict, experiments: [test] }: DailySection): Block[] {
  if (!test && (!verdict?.baseline || !verdict.candidate)) return [];
  const [baseline, candidate] = test
    ? [armName(test.baseline), armName(test.candidate)]
    : [verdict?.baseline, verdict?.candidate].map((arm) => (arm ? nameOf(arm, 30) : ''));
  type Both = { readonly baseline: number | null; readonly candidate: number | null };
  const row = (label: string, format: (value: number | null) => string, both: Both | undefined) =>
    both ? [[label, format(both.baseline), format(both.candidate)]] : [];
  const of = test?.verdict ?? verdict;
  return [
    {
      type: 'table',
      caption: `Old: ${baseline}. New: ${candidate}`,
      columns: [left('Measure'), right('Old'), right('New')],
      rows: [
        ...row('P&L per trade', usd, of?.expectancy),
        ...row('Win rate', percent, of?.win_rate),
        ...row('Profit factor', factor, test ? undefined : verdict?.profit_factor),
        ...row('P&L per day', usd, of?.pnl_per_day_usd),
        ...row('Drawdown', usd, test ? undefined : verdict?.max_drawdown_usd),
        ...row('Trades', count, of?.trades),
      ],
    },
  ];
}

/** A warning that a single trade decides which settings look better. */
function oneTradeBlock(verdict: DailySection['verdict']): Block[] {
  const note = verdict?.label_notes.one_trade;
  return note === undefined ? [] : [{ type: 'text', text: note, strong: true }];
}

export function strategiesTable(strategies: readonly Strategy[]): Block[] {
  if (strategies.length === 0) return [];
  return [
    {
      type: 'table',
      caption: 'The last strategies, newest first',
      columns: [left('Strategy'), right('Trades'), right('P&L'), right('P&L per trade')],
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
