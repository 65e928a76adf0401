import * as z from 'zod';
import { issuesOf } from '../../../functions/contract/issues.ts';
import { symbolParts } from '../../../functions/trades/symbol.ts';
import { executionsOf } from '../../freqtrade/executions.ts';
import { tradeOfRow } from '../../freqtrade/trade.ts';
import { type Charge, priceOf } from '../charges.ts';
import { difference, product } from '../decimal.ts';
import { DETAIL, type Entry, skipped } from '../entry.ts';
import { asText, type Cells, cellsOf, format, type Row } from '../format.ts';

const times = (what: string) => [`${what}_time_utc`, `${what}_timestamp`, `${what}_date_utc`, `${what}_date`];

const columns = {
  run: ['run_id'],
  strategy: ['strategy'],
  id: ['trade_no', 'trade_id', 'id'],
  pair: ['pair'],
  is_short: ['is_short'],
  opened: times('open'),
  closed: times('close'),
  open_rate: ['open_rate'],
  close_rate: ['close_rate'],
  amount: ['amount'],
  fee_open: ['fee_open'],
  fee_close: ['fee_close'],
  funding: ['funding_fees'],
  enter_tag: ['enter_tag', 'buy_tag'],
  exit_reason: ['exit_reason', 'sell_reason'],
  orders: ['orders'],
};
type Trade = Cells<keyof typeof columns>;

const orderColumns = {
  id: ['order_id'],
  side: ['side', 'ft_order_side'],
  price: ['average', 'safe_price', 'price'],
  amount: ['filled', 'amount'],
  filled: ['order_filled_timestamp', 'order_filled_date'],
  placed: ['order_timestamp', 'order_date'],
};
type Order = Cells<keyof typeof orderColumns>;

/** Trades of freqtrade, spot or futures, long or short: a table or JSON of them, a backtest's result, its database. Each is a position, so
 *  that partial exits count as freqtrade counts them. */
export const freqtradeTrades = format({
  name: 'freqtrade-trades',
  what: 'trades of freqtrade',
  columns,
  needs: ['pair', 'opened', 'open_rate', 'amount'],
  *entries(trade, { number, instant, row }) {
    const { text } = trade;
    const bot = asText(row.bot_name);
    if (bot !== null) return yield* databaseEntries(row, bot);
    // A backtest's trades have no ids: the time of opening and the row number identify them.
    const id = text('id') ?? `${trade.instant('opened')}:${number}`;
    const name = ['freqtrade', text('run') ?? text('strategy'), id].filter(Boolean).join(':');
    const orders = trade.json('orders');
    const filled = Array.isArray(orders)
      ? orders.map((order) => cellsOf(orderColumns, order, instant)).filter((order) => order.instant('filled'))
      : [];
    const position = { position_id: name, position_side: isShort(trade) ? 'short' : 'long' };
    if (filled.length > 0)
      yield* filled.flatMap((order, n) =>
        orderEntries(trade, order, { ...position, name: `${name}:${n + 1}`, isLast: n === filled.length - 1 }),
      );
    else {
      yield* legEntries(trade, { leg: 'open', name, ...position });
      if (text('closed')) yield* legEntries(trade, { leg: 'close', name, ...position });
    }
  },
});

/** A row of the database becomes what `strategy sync` sends of it, with the same ids, so that the two never count a trade twice. */
function databaseEntries(row: Row, bot: string): Entry[] {
  try {
    return executionsOf(tradeOfRow(row), bot).flatMap(({ fill, link }): Entry[] => [
      { kind: 'fill', detail: DETAIL.executions, fill },
      ...(link ? [{ kind: 'link' as const, side: fill.side, link }] : []),
    ]);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return [
      skipped(
        issuesOf(error, '/')
          .map(({ path, message }) => `${path} ${message}`)
          .join('; '),
      ),
    ];
  }
}

const isShort = (trade: Trade): boolean => /^(1|true|t)$/i.test(trade.text('is_short') ?? '');

interface Position {
  readonly position_id: string;
  readonly position_side: string;
}

/** Which leg an order belongs to: an entry opens; an exit and a stop that stands on the exchange close. */
function legOf(trade: Trade, side: string | undefined): 'open' | 'close' | null {
  if (side === 'stoploss') return 'close';
  if (side !== 'buy' && side !== 'sell') return null;
  return (side === 'sell') === isShort(trade) ? 'open' : 'close';
}

const sideOf = (trade: Trade, leg: 'open' | 'close') => ((leg === 'open') === isShort(trade) ? 'sell' : 'buy');

/** The costs of a leg: its fee and, on the last leg, the funding paid. freqtrade reports funding received, so the sign is reversed. */
const feeOf = (trade: Trade, { price, size, leg, isLast }: Cost): string | null =>
  difference(product(price, size, trade.text(`fee_${leg}`)), isLast ? trade.text('funding') : null);

/** The same costs, where the quote is no dollar. */
function chargesOf(trade: Trade, fee: string | null): { charges?: readonly Charge[] } {
  const { quote } = symbolParts(trade.text('pair') ?? '');
  return fee === null || quote === null || priceOf(quote, {}) !== null
    ? {}
    : { charges: [{ amount: fee, currency: quote }] };
}

interface Cost {
  readonly price: string | null;
  readonly size: string | null;
  readonly leg: 'open' | 'close';
  readonly isLast: boolean;
}

function orderEntries(
  trade: Trade,
  { text, instant }: Order,
  { name, isLast, ...position }: Position & { readonly name: string; readonly isLast: boolean },
): Entry[] {
  const leg = legOf(trade, asText(text('side'))?.toLowerCase());
  if (leg === null) return [skipped('an order that is neither a buy, a sell nor a stop')];
  const [price, size] = [text('price'), text('amount')];
  const order_id = text('id') ?? name;
  const fee_usd = feeOf(trade, { price, size, leg, isLast: isLast && leg === 'close' });
  return [
    {
      kind: 'fill',
      detail: DETAIL.executions,
      ...chargesOf(trade, fee_usd),
      fill: {
        ...{ ...position, fill_id: name, order_id, symbol: trade.text('pair'), side: sideOf(trade, leg), price, size },
        fee_usd,
        filled_at: instant('filled'),
        placed_at: instant('placed'),
      },
    },
    ...signalEntry(trade, { leg, order_id }),
  ];
}

function legEntries(
  trade: Trade,
  { leg, name, ...position }: Position & { readonly leg: 'open' | 'close'; readonly name: string },
): Entry[] {
  const [price, size] = [trade.text(`${leg}_rate`), trade.text('amount')];
  const side = sideOf(trade, leg);
  const order_id = `${name}:${side}`;
  const fee_usd = feeOf(trade, { price, size, leg, isLast: leg === 'close' });
  return [
    {
      kind: 'fill',
      detail: DETAIL.order,
      ...chargesOf(trade, fee_usd),
      fill: {
        ...{ ...position, fill_id: order_id, order_id, symbol: trade.text('pair'), side, price, size },
        fee_usd,
        filled_at: trade.instant(leg === 'open' ? 'opened' : 'closed'),
      },
    },
    ...signalEntry(trade, { leg, order_id }),
  ];
}

/** The reason of the entry or exit, when the strategy gave freqtrade a tag. */
function signalEntry(trade: Trade, { leg, order_id }: { leg: 'open' | 'close'; order_id: string }): Entry[] {
  const why = trade.text(leg === 'open' ? 'enter_tag' : 'exit_reason');
  if (!why) return [];
  const link = {
    order_id,
    trigger_type: shortened(why, 100),
    ...(leg === 'close' && { exit_reason: shortened(why, 200) }),
  };
  return [{ kind: 'link', side: sideOf(trade, leg), link }];
}

/** By code points, so that no character is cut in two. */
const shortened = (text: string, most: number): string => [...text].slice(0, most).join('');
