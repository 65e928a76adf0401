import { counted, exactUsd } from '../../formatting.ts';
import { shortDay } from '../../summaries/days.ts';
import { thresholds } from '../../thresholds.ts';
import type { Report } from '../contract.ts';
import { FEWEST_TRADES } from '../groups/groups.ts';
import { performanceOf } from '../sections.ts';
import type { Definition, Definitions } from './blocks.ts';
import { plain } from './plain.ts';

/** What every number of a report means, by the window over which it is taken, with how many there are. */
export function definitionsOf(report: Report): Definitions[] {
  const days = report.kind === 'daily' ? 'the trading day' : 'the seven trading days to';
  const window = `${days} ${shortDay(report.date)}${report.complete ? '' : ', so far'}`;
  const trades = numberOf(report, 'trade', (bot) => performanceOf(bot).total_trades);
  const orders = numberOf(report, 'filled order', ({ coverage }) => coverage.orders);
  return [
    {
      over: `${window}${trades}; of a strategy, over all its days, n = its trades; of baseline and candidate, over their completed days, n = their trades`,
      definitions: figures,
    },
    { over: 'the completed days of baseline and candidate, n = their days with trades', definitions: ofTheVerdict },
    { over: 'the days of a strategy, from its start to the end of the window', definitions: ofDays },
    {
      over: `${window}${trades}`,
      definitions: [
        { term: 'Hour', meaning: `the hour in which a trade closed, on the clock of ${report.time_zone}` },
        ...ofTrades,
        ...(report.kind === 'weekly' ? ofTheWeek : []),
      ],
    },
    { over: `${window}${orders}`, definitions: ofOrders },
  ];
}

/** Of each of the first bots. */
function numberOf(report: Report, noun: string, of: (bot: Report['bots'][number]) => number): string {
  const told = report.bots.slice(0, 3).map((bot) => {
    const each = counted(of(bot), noun);
    return report.bots.length === 1 ? each : `${plain(bot.bot_id, 24)} ${each}`;
  });
  return told.length === 0 ? '' : `, n = ${told.join(', ')}`;
}

const { breakeven_usd, fast_exit_seconds } = thresholds;

const figures: readonly Definition[] = [
  {
    term: 'P&L',
    meaning: 'profit and loss in USD, net of the fees of both legs; it belongs to the strategy that bought',
  },
  {
    term: 'Trades',
    meaning: `closed trades: winning (P&L above ${exactUsd(breakeven_usd)}), losing (below ${exactUsd(-breakeven_usd)}) and breakeven`,
  },
  { term: 'Win rate', meaning: 'winning trades / all trades' },
  { term: 'Profit factor', meaning: 'gross profit / gross loss, over all trades; – when there is no loss' },
  { term: 'Expectancy, a trade', meaning: 'P&L / trades' },
  { term: 'Fast exits', meaning: `trades held under ${fast_exit_seconds} seconds, as a share of all trades` },
  { term: 'P&L a day', meaning: 'P&L / calendar days, those without trades included' },
];

const ofDays: readonly Definition[] = [
  { term: 'Days active', meaning: 'whole days in which the strategy was active' },
  { term: 'Days with trades', meaning: 'days on which a trade closed; the verdict counts these' },
  {
    term: 'Calendar days',
    meaning: 'days on which the strategy was active, if only in part, or a trade of it closed; the curve counts these',
  },
  { term: 'Open', meaning: 'bought under the strategy and not yet sold, at cost, as of now' },
  { term: 'Targets, wanted', meaning: 'what you work to; the active strategy is held to them' },
];

const ofTheVerdict: readonly Definition[] = [
  {
    term: 'Baseline, candidate',
    meaning: 'the old and the new settings; the periods in which the same were active are one',
  },
  {
    term: 'Difference',
    meaning: 'candidate less baseline, before either is rounded; of the profit factor, candidate / baseline',
  },
  { term: 'Interval, from, to', meaning: 'what the difference could be; it holds however often it is looked at' },
  {
    term: 'Verdict',
    meaning:
      'a test of the expectancy that holds however often it is looked at, over days, not trades; it suggests and never proves, since one setting ran after the other',
  },
  { term: 'Drawdown', meaning: 'the largest fall of cumulative P&L from its running peak, the peak starting at $0' },
  {
    term: 'Autocorrelation',
    meaning:
      'how much a day’s result is like that of the day before it (lag 1): about 0 when days are independent; near 1 good and bad days come in runs, and the verdict errs more often',
  },
];

const ofTrades: readonly Definition[] = [
  {
    term: 'Mean, median',
    meaning: 'of the time from buying to selling: the average, and what half of the trades stay under',
  },
  { term: 'Best, worst', meaning: `by P&L, among symbols with at least ${FEWEST_TRADES} trades` },
];

const ofOrders: readonly Definition[] = [
  { term: 'Linked', meaning: 'the bot said which strategy made the order' },
  { term: 'By time', meaning: 'not linked: the order belongs to the strategy that was active when it was placed' },
  { term: 'None', meaning: 'placed before the first strategy' },
  { term: 'By hand', meaning: 'made by a person; in no strategy’s figures' },
  { term: 'Link rate', meaning: 'linked / all but those made by hand' },
];

const ofTheWeek: readonly Definition[] = [
  {
    term: 'Consider excluding',
    meaning: `symbols with at least ${FEWEST_TRADES} trades, a sum below -$0.50 and a mean below -$0.10 a trade`,
  },
  {
    term: 'Stars',
    meaning: `symbols with at least ${FEWEST_TRADES} trades, a sum above $1.00 and a win rate above 40 %`,
  },
  {
    term: 'Score',
    meaning: 'the buy score less the buy target of the snapshot that bought; of several buys, the largest',
  },
  {
    term: 'Indicators, indicator',
    meaning: 'how many contributed positively when the bot bought; each, by its name',
  },
];
