import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { fraction, minus, over, times, toText } from './fraction.ts';
import type { SlowFill } from './slow-fifo.ts';

const directory = new URL('../../../shared/data/', import.meta.url);

/** Real histories outside of the repository. Without them, their tests are skipped. */
export const hasRealData = existsSync(new URL('coinbase-orders.json', directory));

interface CoinbaseOrder {
  readonly order_id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly size: string;
  readonly filled_value: string;
  readonly total_fees: string;
  readonly created_time: string;
  readonly last_fill_time: string;
}

/** The real orders of a bot, each as one fill: price = filled_value / size. */
export function coinbaseFills(): (SlowFill & { placed_at: string })[] {
  const orders: CoinbaseOrder[] = JSON.parse(readFileSync(new URL('coinbase-orders.json', directory), 'utf8'));
  return orders.map(({ order_id, symbol, side, size, filled_value, total_fees, created_time, last_fill_time }) => ({
    fill_id: `fill-of-${order_id}`,
    order_id,
    symbol,
    side,
    price: toText(over(fraction(filled_value), fraction(size)), 20),
    size,
    fee_usd: total_fees,
    filled_at: last_fill_time,
    placed_at: created_time,
  }));
}

export interface FreqtradeTrade {
  readonly run_id: string;
  readonly pair: string;
  readonly open_time_utc: string;
  readonly close_time_utc: string;
  readonly open_rate: string;
  readonly close_rate: string;
  readonly amount: string;
  readonly fee_open: string;
  readonly fee_close: string;
  readonly profit_abs: string;
  readonly trade_no: string;
  readonly is_short: string;
  readonly leverage: string;
  readonly funding_fees: string;
}

/** The trades of each run. */
export function allRuns(): Map<string, FreqtradeTrade[]> {
  const [head = '', ...lines] = gunzipSync(readFileSync(new URL('freqtrade-trades.csv.gz', directory)))
    .toString()
    .trim()
    .split('\n');
  const names = head.split(',');
  const all = lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, values[i]])) as unknown as FreqtradeTrade;
  });
  return Map.groupBy(all, ({ run_id }) => run_id);
}

/** The trades of each run with only spot, unleveraged, long trades. */
export function spotRuns(): Map<string, FreqtradeTrade[]> {
  return new Map(
    [...allRuns()].filter(([, trades]) =>
      trades.every(({ pair, is_short, leverage }) => !pair.includes(':') && is_short === '0' && Number(leverage) === 1),
    ),
  );
}

/** Whether no pair is held twice at once, so that FIFO closes the same trades as the original tool. */
export function holdsEachPairOnce(trades: readonly FreqtradeTrade[]): boolean {
  return [...Map.groupBy(trades, ({ pair }) => pair).values()].every((own) => {
    const ordered = own.toSorted((a, b) => (a.open_time_utc < b.open_time_utc ? -1 : 1));
    return ordered.every((trade, i) => i === 0 || trade.open_time_utc >= (ordered[i - 1]?.close_time_utc ?? ''));
  });
}

/** Whether rates, amount and fees give profit_abs, which the original tool rounds to 8 decimals. */
export function reproducesProfit(trades: readonly FreqtradeTrade[]): boolean {
  return trades.every((t) => {
    const amount = Number(t.amount);
    const [open, close] = [amount * Number(t.open_rate), amount * Number(t.close_rate)];
    const gross = t.is_short === '1' ? open - close : close - open;
    const pnl = gross - open * Number(t.fee_open) - close * Number(t.fee_close) + Number(t.funding_fees);
    return Math.abs(pnl - Number(t.profit_abs)) < 1e-6;
  });
}

/** The buy and the sell of a long trade. */
export function fillsOf(trade: FreqtradeTrade): [buy: SlowFill, sell: SlowFill] {
  return [legOf(trade, 'open', 'buy'), legOf(trade, 'close', 'sell')];
}

/** The two fills of a trade either way round, as a position with an id. Funding is part of the fee of the second. */
export function positionOf(trade: FreqtradeTrade): [opening: SlowFill, closing: SlowFill] {
  const [position_side, first, second] =
    trade.is_short === '1' ? (['short', 'sell', 'buy'] as const) : (['long', 'buy', 'sell'] as const);
  const position = { position_side, position_id: trade.trade_no };
  const closing = legOf(trade, 'close', second);
  const fee_usd = toText(minus(fraction(closing.fee_usd ?? '0'), fraction(trade.funding_fees || '0')), 30);
  return [
    { ...legOf(trade, 'open', first), ...position },
    { ...closing, ...position, fee_usd },
  ];
}

function legOf(trade: FreqtradeTrade, leg: 'open' | 'close', side: 'buy' | 'sell'): SlowFill {
  const [rate, fee] = leg === 'open' ? [trade.open_rate, trade.fee_open] : [trade.close_rate, trade.fee_close];
  const at = leg === 'open' ? trade.open_time_utc : trade.close_time_utc;
  const name = trade.trade_no.padStart(6, '0');
  return {
    fill_id: `${name}-${side}`,
    order_id: `${name}-${side}-order`,
    symbol: trade.pair,
    side,
    price: toText(fraction(rate), 20),
    size: toText(fraction(trade.amount), 20),
    fee_usd: toText(times(times(fraction(rate), fraction(trade.amount)), fraction(fee)), 20),
    filled_at: at.replace(/\.(\d{3})Z$/, '.$1000Z'),
  };
}
