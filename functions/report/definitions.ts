/** What every number of the report means, printed beside it. */
export const definitions: readonly (readonly [term: string, meaning: string])[] = [
  ['P&L', 'profit and loss in USD, net of the fees of both legs; it belongs to the strategy that bought'],
  ['Trades', 'closed trades: winning (P&L above $0.01), losing (below -$0.01) and breakeven'],
  ['Win rate', 'winning trades / all trades'],
  ['Profit factor', 'gross profit / gross loss, over all trades; – when there is no loss'],
  ['Expectancy', 'P&L / trades'],
  ['Fast exits', 'trades held under 60 seconds, as a share of all trades'],
  ['Days', 'whole days in which the strategy was active, up to the end of the report’s day'],
  ['Link rate', 'orders that the bot linked / orders that it placed, of those filled on the report’s day'],
  [
    'Verdict',
    'a test that stays valid however often it is looked at, over days, not trades; it suggests and never proves, since one setting ran after the other',
  ],
  ['Targets', 'what you work to; a target met is not yet evidence'],
  ['Open', 'bought under the strategy and not yet sold, at cost, as of now'],
];
