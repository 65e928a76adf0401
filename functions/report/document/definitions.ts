import type { Report } from '../contract.ts';
import type { Definition } from './blocks.ts';
import { counted, shortDay } from './format.ts';
import { plain } from './plain.ts';

/** What every number of a report means, over which window it is taken, and how many there are. */
export function definitionsOf(report: Report): Definition[] {
  const window =
    report.kind === 'daily'
      ? `the trading day ${shortDay(report.date)}`
      : `the seven trading days to ${shortDay(report.date)}`;
  const n = (noun: string, of: (bot: Report['bots'][number]) => number) => {
    const told = report.bots.slice(0, 3).map((bot) => {
      const each = counted(of(bot), noun);
      return report.bots.length === 1 ? each : `${plain(bot.bot_id, 24)} ${each}`;
    });
    return told.length === 0 ? '' : `, n = ${told.join(', ')}`;
  };
  const trades = n('trade', (bot) => ('day' in bot ? bot.day : bot.week).total_trades);
  const orders = n('order', ({ coverage }) => coverage.orders);
  const here = `${window}${trades}; of a strategy, from its start on, n = its trades`;
  const arms = 'the completed days of baseline and candidate, n = their days and trades, in the same table';
  return [
    {
      term: 'P&L',
      meaning: 'profit and loss in USD, net of the fees of both legs; it belongs to the strategy that bought',
      over: here,
    },
    {
      term: 'Trades',
      meaning: 'closed trades: winning (P&L above $0.01), losing (below -$0.01) and breakeven',
      over: here,
    },
    { term: 'Win rate', meaning: 'winning trades / all trades', over: here },
    {
      term: 'Profit factor',
      meaning: 'gross profit / gross loss, over all trades; – when there is no loss',
      over: here,
    },
    { term: 'Expectancy', meaning: 'P&L / trades; in tables of groups: “a trade”', over: here },
    { term: 'Fast exits', meaning: 'trades held under 60 seconds, as a share of all trades', over: here },
    {
      term: 'Days',
      meaning: 'of a strategy: whole days in which it was active; of an arm: days with trades',
      over: 'its start to the end of the window',
    },
    { term: 'P&L a day', meaning: 'P&L / calendar days, those without trades included', over: arms },
    {
      term: 'Drawdown',
      meaning: 'the largest fall of cumulative P&L from its running peak, the peak starting at $0',
      over: arms,
    },
    {
      term: 'Difference',
      meaning:
        'candidate less baseline (profit factor: times); in brackets the interval that stays valid however often it is looked at',
      over: arms,
    },
    {
      term: 'Verdict',
      meaning:
        'a test that stays valid however often it is looked at, over days, not trades; it suggests and never proves, since one setting ran after the other',
      over: arms,
    },
    {
      term: 'Targets',
      meaning: 'what you work to; a target met is not yet evidence',
      over: 'the active strategy, its start to the end of the window',
    },
    {
      term: 'Link rate',
      meaning: 'orders that the bot linked / orders that it placed, of those filled',
      over: `${window}${orders}`,
    },
    { term: 'Open', meaning: 'bought under the strategy and not yet sold, at cost', over: 'as of now' },
    {
      term: 'Hour',
      meaning: `the hour in which a trade closed, on the clock of ${report.time_zone}`,
      over: `${window}${trades}`,
    },
    {
      term: 'Best, worst',
      meaning: 'by P&L, among symbols with at least 5 trades',
      over: `${window}${trades}`,
    },
    ...(report.kind === 'weekly' ? weekly(`${window}${trades}`) : []),
  ];
}

const weekly = (over: string): Definition[] => [
  {
    term: 'Consider excluding',
    meaning: 'symbols with at least 5 trades, a sum below -$0.50 and a mean below -$0.10 a trade',
    over,
  },
  { term: 'Stars', meaning: 'symbols with at least 5 trades, a sum above $1.00 and a win rate above 40 %', over },
  {
    term: 'Score',
    meaning: 'the buy score less the buy target of the snapshot that bought; of several buys, the largest',
    over,
  },
  { term: 'Indicators', meaning: 'how many contributed positively when the bot bought; each, by its name', over },
];
