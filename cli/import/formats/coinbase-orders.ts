import { symbolParts } from '../../../functions/trades/symbol.ts';
import { quotient, scaled } from '../decimal.ts';
import { DETAIL, skipped } from '../entry.ts';
import { format } from '../format.ts';

/** "List orders" of the Advanced Trade API, as JSON or as a table: an order is one fill at its average price. */
export const coinbaseOrders = format({
  name: 'coinbase-orders',
  what: 'orders of Coinbase',
  columns: {
    order_id: ['order_id'],
    client_order_id: ['client_order_id'],
    product: ['product_id', 'symbol', 'product'],
    product_type: ['product_type'],
    side: ['side'],
    status: ['status'],
    size: ['filled_size', 'size'],
    value: ['filled_value'],
    fees: ['total_fees', 'fee'],
    placed: ['created_time'],
    filled: ['last_fill_time', 'done_at'],
    source: ['client_order_id_prefix', 'source'],
  },
  needs: ['order_id', 'product', 'side', 'size', 'value', 'filled'],
  *entries({ text, instant }) {
    const [size, value, fees] = [text('size'), text('value'), text('fees')];
    if (!scaled(size) || !scaled(value))
      return yield skipped(`not filled (${text('status')?.toLowerCase() ?? 'size 0'})`);
    if ((text('product_type') ?? 'SPOT') !== 'SPOT') return yield skipped('not spot');
    const { quote } = symbolParts(text('product') ?? '');
    yield {
      kind: 'fill',
      detail: DETAIL.order,
      charges: fees === null || quote === null ? [] : [{ amount: fees, currency: quote }],
      fill: {
        fill_id: `coinbase-order:${text('order_id')}`,
        order_id: text('order_id'),
        client_order_id: text('client_order_id'),
        symbol: text('product'),
        side: text('side')?.toLowerCase(),
        price: quotient(value, size),
        size,
        filled_at: instant('filled'),
        placed_at: instant('placed'),
        source: text('source'),
      },
    };
  },
});
