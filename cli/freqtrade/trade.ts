import * as z from 'zod';

/** A trade of freqtrade with its filled orders, the same from its database and from its REST API. Numbers are the shortest texts of its
 *  doubles. */
export interface FreqtradeTrade {
  readonly id: string;
  readonly pair: string;
  readonly exchange: string | null;
  readonly strategy: string | null;
  /** In minutes. */
  readonly timeframe: string | null;
  readonly mode: string;
  readonly isOpen: boolean;
  readonly isShort: boolean;
  readonly amount: string | null;
  readonly openRate: string | null;
  readonly closeRate: string | null;
  /** Fees as fractions of the value. */
  readonly feeOpen: string;
  readonly feeClose: string;
  /** Funding received, in the stake currency. */
  readonly fundingFees: string;
  readonly profit: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly enterTag: string | null;
  readonly exitReason: string | null;
  readonly orders: readonly FreqtradeOrder[];
}

/** An order that has ended and was filled, at least in part. */
export interface FreqtradeOrder {
  readonly id: string;
  readonly side: string;
  /** In the base currency, less a fee that was paid in it. */
  readonly filled: string;
  readonly feeInBase: string;
  readonly cost: string | null;
  /** The average price, where the exchange reported one. */
  readonly average: string | null;
  /** freqtrade's price, which is the limit where there is no average. */
  readonly price: string | null;
  readonly tag: string | null;
  readonly filledAt: string | null;
  readonly placedAt: string | null;
}

const text = z.union([z.string(), z.number()]).transform(String).nullish().default(null);
const flag = z.union([z.boolean(), z.number()]).transform(Boolean);

/** A time of SQLite (UTC, without an offset), or Unix time in milliseconds. */
const time = z
  .union([z.string(), z.number()])
  .transform((written, context) => {
    const at = new Date(typeof written === 'number' ? written : milliseconds(written));
    if (!Number.isNaN(at.getTime())) return at.toISOString();
    context.addIssue({ code: 'custom', message: 'is not a time' });
    return z.NEVER;
  })
  .nullish()
  .default(null);

/** Milliseconds as freqtrade computes them from a time for its REST API, in doubles: they can be one less than the time says. All sources
 *  give the same. */
function milliseconds(written: string): number {
  const [, seconds = '', fraction = ''] = /^(.{19})(?:\.(\d+))?/.exec(written.replace(' ', 'T')) ?? [];
  const micros = Date.parse(`${seconds}Z`) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
  return Math.trunc((micros / 1_000_000) * 1000);
}

const SqliteOrder = z.looseObject({
  order_id: z.string(),
  ft_order_side: z.string(),
  ft_is_open: flag,
  filled: z.number().nullish(),
  ft_fee_base: text,
  cost: text,
  average: z.number().nullish(),
  price: z.number().nullish(),
  stop_price: z.number().nullish(),
  ft_price: z.number().nullish(),
  ft_order_tag: text,
  order_filled_date: time,
  order_date: time,
});

const common = {
  pair: z.string(),
  exchange: text,
  strategy: text,
  timeframe: text,
  trading_mode: text,
  is_open: flag,
  is_short: flag.nullish(),
  amount: text,
  open_rate: text,
  close_rate: text,
  fee_open: text,
  fee_close: text,
  funding_fees: text,
  close_profit_abs: text,
  enter_tag: text,
  exit_reason: text,
};

const SqliteTrade = z.looseObject({
  ...common,
  id: z.number(),
  open_date: time,
  close_date: time,
  orders: z.array(SqliteOrder).default([]),
});

/** A row of the table `trades` with its rows of `orders`. @throws z.ZodError */
export function tradeOfRow(row: unknown): FreqtradeTrade {
  const { id, open_date, close_date, orders, ...trade } = SqliteTrade.parse(row);
  return {
    ...commonOf(trade),
    ...{ id: String(id), openedAt: open_date ?? '', closedAt: close_date },
    orders: orders
      .filter(({ ft_is_open, filled }) => !ft_is_open && filled)
      .map((order) => ({
        id: order.order_id,
        side: order.ft_order_side,
        filled: String(order.filled),
        feeInBase: order.ft_fee_base ?? '0',
        cost: order.cost,
        average: order.average ? String(order.average) : null,
        price: String(order.price || order.stop_price || order.ft_price || ''),
        tag: order.ft_order_tag,
        filledAt: order.order_filled_date,
        placedAt: order.order_date,
      })),
  };
}

const RestOrder = z.looseObject({
  order_id: z.string(),
  ft_order_side: z.string(),
  is_open: flag,
  filled: z.number().nullish(),
  ft_fee_base: text,
  cost: text,
  safe_price: text,
  ft_order_tag: text,
  order_filled_timestamp: time,
  order_timestamp: time,
});

const RestTrade = z.looseObject({
  ...common,
  trade_id: z.number(),
  open_timestamp: time,
  close_timestamp: time,
  orders: z.array(RestOrder).default([]),
});

/** A trade of the REST API. @throws z.ZodError */
export function tradeOfJson(json: unknown): FreqtradeTrade {
  const { trade_id, open_timestamp, close_timestamp, orders, ...trade } = RestTrade.parse(json);
  return {
    ...commonOf(trade),
    ...{ id: String(trade_id), openedAt: open_timestamp ?? '', closedAt: close_timestamp },
    orders: orders
      .filter(({ is_open, filled }) => !is_open && filled)
      .map((order) => ({
        id: order.order_id,
        side: order.ft_order_side,
        filled: String(order.filled),
        feeInBase: order.ft_fee_base ?? '0',
        cost: order.cost,
        average: null,
        price: order.safe_price,
        tag: order.ft_order_tag,
        filledAt: order.order_filled_timestamp,
        placedAt: order.order_timestamp,
      })),
  };
}

const Common = z.object(common);

const commonOf = (trade: z.output<typeof Common>) => ({
  pair: trade.pair,
  exchange: trade.exchange,
  strategy: trade.strategy,
  timeframe: trade.timeframe,
  mode: trade.trading_mode?.toLowerCase() ?? 'spot',
  isOpen: trade.is_open,
  isShort: trade.is_short ?? false,
  amount: trade.amount,
  openRate: trade.open_rate,
  closeRate: trade.close_rate,
  feeOpen: trade.fee_open ?? '0',
  feeClose: trade.fee_close ?? '0',
  fundingFees: trade.funding_fees ?? '0',
  profit: trade.close_profit_abs,
  enterTag: trade.enter_tag,
  exitReason: trade.exit_reason,
});
