import { product, scaled } from '../decimal.ts';
import { DETAIL, type Entry, skipped } from '../entry.ts';
import { asText, type Cells, cellsOf, format } from '../format.ts';

const times = (what: string) => [`${what}_time_utc`, `${what}_timestamp`, `${what}_date_utc`, `${what}_date`];

const columns = {
  run: ['run_id'],
  strategy: ['strategy'],
  id: ['trade_no', 'trade_id', 'id'],
  pair: ['pair'],
  is_short: ['is_short'],
  leverage: ['leverage'],
  opened: times('open'),
  closed: times('close'),
  open_rate: ['open_rate'],
  close_rate: ['close_rate'],
  amount: ['amount'],
  fee_open: ['fee_open'],
  fee_close: ['fee_close'],
  enter_tag: ['enter_tag', 'buy_tag'],
  exit_reason: ['exit_reason', 'sell_reason'],
  orders: ['orders'],
};
type Trade = Cells<keyof typeof columns>;

const orderColumns = {
  id: ['order_id'],
  side: ['ft_order_side', 'side'],
  price: ['average', 'safe_price', 'price'],
  amount: ['filled', 'amount'],
  filled: ['order_filled_timestamp', 'order_filled_date'],
  placed: ['order_timestamp', 'order_date'],
};
type Order = Cells<keyof typeof orderColumns>;

/** Trades of freqtrade: a table or JSON of them, a backtest's result, its database. Its P&L is that of spot trades only. */
export const freqtradeTrades = format({
  name: 'freqtrade-trades',
  what: 'trades of freqtrade',
  columns,
  needs: ['pair', 'opened', 'open_rate', 'amount'],
  *entries(trade, { number, instant }) {
    const { text } = trade;
    if (/^(1|true|t)$/i.test(text('is_short') ?? '')) return yield skipped('a short, which is not spot');
    if ((scaled(text('leverage')) ?? scaled('1')) !== scaled('1')) return yield skipped('leveraged, which is not spot');
    if (text('pair')?.includes(':')) return yield skipped('a future, which is not spot');
    // A backtest's trades have no ids: the time of opening and the row number identify them.
    const id = text('id') ?? `${trade.instant('opened')}:${number}`;
    const name = ['freqtrade', text('run') ?? text('strategy'), id].filter(Boolean).join(':');
    const orders = trade.json('orders');
    const filled = Array.isArray(orders)
      ? orders.map((order) => cellsOf(orderColumns, order, instant)).filter((order) => order.instant('filled'))
      : [];
    if (filled.length > 0) yield* filled.flatMap((order, n) => orderEntries(trade, order, `${name}:${n + 1}`));
    else {
      yield* legEntries(trade, { side: 'buy', name });
      if (text('closed')) yield* legEntries(trade, { side: 'sell', name });
    }
  },
});

function orderEntries(trade: Trade, { text, instant }: Order, name: string): Entry[] {
  const side = asText(text('side'))?.toLowerCase();
  if (side !== 'buy' && side !== 'sell')
    return [skipped('an order of the exchange’s own, such as a stop that is placed there')];
  const [price, size] = [text('price'), text('amount')];
  const order_id = text('id') ?? name;
  return [
    {
      kind: 'fill',
      detail: DETAIL.executions,
      fill: {
        fill_id: name,
        order_id,
        symbol: trade.text('pair'),
        side,
        price,
        size,
        fee_usd: product(price, size, trade.text(side === 'buy' ? 'fee_open' : 'fee_close')),
        filled_at: instant('filled'),
        placed_at: instant('placed'),
      },
    },
    ...signalEntry(trade, { side, order_id }),
  ];
}

function legEntries(trade: Trade, { side, name }: { side: 'buy' | 'sell'; name: string }): Entry[] {
  const leg = side === 'buy' ? 'open' : 'close';
  const [price, size] = [trade.text(`${leg}_rate`), trade.text('amount')];
  const order_id = `${name}:${side}`;
  return [
    {
      kind: 'fill',
      detail: DETAIL.order,
      fill: {
        fill_id: order_id,
        order_id,
        symbol: trade.text('pair'),
        side,
        price,
        size,
        fee_usd: product(price, size, trade.text(`fee_${leg}`)),
        filled_at: trade.instant(side === 'buy' ? 'opened' : 'closed'),
      },
    },
    ...signalEntry(trade, { side, order_id }),
  ];
}

/** Why it bought or sold, where the strategy gave freqtrade a tag. */
function signalEntry(trade: Trade, { side, order_id }: { side: 'buy' | 'sell'; order_id: string }): Entry[] {
  const why = trade.text(side === 'buy' ? 'enter_tag' : 'exit_reason')?.slice(0, 100);
  if (!why) return [];
  return [{ kind: 'link', side, link: { order_id, trigger_type: why, ...(side === 'sell' && { exit_reason: why }) } }];
}
