import { figures as figuresOfStrategies } from '../../comparison/figures.ts';
import { counted, exactUsd } from '../../formatting.ts';
import { shortDay } from '../../summaries/days.ts';
import { thresholds } from '../../thresholds.ts';
import type { Report } from '../contract.ts';
import { performanceOf } from '../sections.ts';
import type { Definition, Definitions } from './blocks.ts';
import { plain } from './plain.ts';

/** Defines every figure of a report, grouped by scope: the window and the number of observations. */
export function definitionsOf(report: Report): Definitions[] {
  const days = report.kind === 'daily' ? 'the trading day' : 'the seven trading days to';
  const window = `${days} ${shortDay(report.date)}${report.complete ? '' : ', so far'}`;
  const trades = numberOf(report, 'trade', (bot) => performanceOf(bot).total_trades);
  const orders = numberOf(report, 'filled order', ({ coverage }) => coverage.orders);
  return [
    {
      over: `${window}${trades}; for a strategy, all its days, n = its trades; for baseline and candidate, their completed days, n = their trades`,
      definitions: figures,
    },
    { over: 'the completed days of baseline and candidate, n = their days with trades', definitions: ofTheVerdict },
    { over: 'the days of a strategy from its start to the end of the window', definitions: ofDays },
    {
      over: `${window}${trades}`,
      definitions: [
        { term: 'Hour', meaning: `the hour in which a trade closed, in the time zone ${report.time_zone}` },
        ...ofTrades,
        ...(report.kind === 'weekly' ? ofTheWeek : []),
      ],
    },
    { over: `${window}${orders}`, definitions: ofOrders },
  ];
}

/** The number of observations of each of the first bots. */
function numberOf(report: Report, noun: string, countOf: (bot: Report['bots'][number]) => number): string {
  const numbers = report.bots.slice(0, 3).map((bot) => {
    const n = counted(countOf(bot), noun);
    return report.bots.length === 1 ? n : `${plain(bot.bot_id, 24)} ${n}`;
  });
  return numbers.length === 0 ? '' : `, n = ${numbers.join(', ')}`;
}

const { breakeven_usd, symbols } = thresholds;
const enoughTrades = `symbols with at least ${symbols.min_trades} trades`;

const figures: readonly Definition[] = [
  {
    term: 'P&L',
    meaning:
      'profit and loss in USD, net of the fees of both legs; attributed to the strategy that opened the position',
  },
  {
    term: 'Trades',
    meaning: `closed trades: winning (P&L above ${exactUsd(breakeven_usd)}), losing (below ${exactUsd(-breakeven_usd)}) and breakeven`,
  },
  { term: 'Win rate', meaning: 'winning trades / all trades' },
  { term: 'Profit factor', meaning: 'gross profit / gross loss, over all trades; – when there is no loss' },
  { term: 'Expectancy, P&L per trade', meaning: 'P&L / trades' },
  ...Object.values(figuresOfStrategies).map(({ label, meaning }) => ({ term: label, meaning })),
];

const ofDays: readonly Definition[] = [
  { term: 'Days active', meaning: 'whole days during which the strategy was active' },
  { term: 'Days with trades', meaning: 'days on which a trade closed; the verdict counts these' },
  {
    term: 'Calendar days',
    meaning:
      'days on which the strategy was active, at least for a part, or one of its trades closed; the curve counts these',
  },
  { term: 'Open', meaning: 'opened under the strategy and not yet closed, at cost, as of now' },
  {
    term: 'Targets, goal, actual',
    meaning: 'the goals that you set, compared with the results of the active settings in all their periods',
  },
];

const ofTheVerdict: readonly Definition[] = [
  {
    term: 'Baseline, candidate',
    meaning: 'the old and the new settings; all periods with the same settings count together',
  },
  {
    term: 'Difference',
    meaning: 'candidate minus baseline, before rounding; for the profit factor, candidate / baseline',
  },
  {
    term: 'Interval, likely range, from, to',
    meaning: 'the differences that fit the data; valid however often you look',
  },
  {
    term: 'Verdict',
    meaning:
      'a test of the expectancy over days, not trades; valid however often you look; it suggests and never proves, since the settings ran one after the other',
  },
  {
    term: 'Worth excluding, worth keeping',
    meaning:
      'symbols of the active configuration whose interval of P&L per trade, over all its completed days, lies below or above $0; the error rate is shared among all symbols that it has traded',
  },
  {
    term: 'Autocorrelation',
    meaning:
      'how similar a day’s result is to that of the day before (lag 1): about 0 when days are independent; near 1 when good and bad days come in runs, and then the verdict errs more often',
  },
];

const ofTrades: readonly Definition[] = [
  {
    term: 'Mean, median',
    meaning: 'of the time from opening to closing: the average, and the time that half of the trades stay under',
  },
  { term: 'Best, worst', meaning: `by P&L, among ${enoughTrades}; a description, and no advice` },
];

const ofOrders: readonly Definition[] = [
  { term: 'Linked', meaning: 'the bot reported which strategy placed the order' },
  { term: 'By time', meaning: 'not linked: attributed to the strategy that was active when the order was placed' },
  { term: 'None', meaning: 'placed before the first strategy' },
  { term: 'By hand', meaning: 'placed by a person; in no strategy’s figures' },
  { term: 'Link rate', meaning: 'linked / all orders except those placed by hand' },
];

const ofTheWeek: readonly Definition[] = [
  {
    term: 'Score',
    meaning:
      'the buy score minus the buy target of the snapshot that bought; the largest buy counts if there are several',
  },
  {
    term: 'Indicators, indicator',
    meaning: 'the number of indicators with a positive contribution when the bot bought; each by its name',
  },
];
