import { quotient } from '../decimal.ts';
import { DETAIL, skipped } from '../entry.ts';
import { format } from '../format.ts';

/** "List fills" of the Advanced Trade API, and the account's CSV of fills, which has no order ids. */
export const coinbaseFills = format({
  name: 'coinbase-fills',
  what: 'fills of Coinbase',
  columns: {
    trade_id: ['trade_id', 'entry_id'],
    order_id: ['order_id'],
    product: ['product_id', 'product'],
    side: ['side'],
    price: ['price'],
    size: ['size'],
    size_in_quote: ['size_in_quote'],
    fee: ['commission', 'fee'],
    time: ['trade_time', 'created_at'],
    trade_type: ['trade_type'],
  },
  needs: ['trade_id', 'product', 'side', 'price', 'size', 'time'],
  *entries({ text, instant }) {
    const type = text('trade_type') ?? 'FILL';
    if (type !== 'FILL') return yield skipped(`a ${type.toLowerCase()} and not a fill`);
    // Trade ids count within their product.
    const id = `coinbase:${text('product')}:${text('trade_id')}`;
    const [price, size] = [text('price'), text('size')];
    yield {
      kind: 'fill',
      detail: DETAIL.executions,
      fill: {
        fill_id: id,
        order_id: text('order_id') ?? id,
        symbol: text('product'),
        side: text('side')?.toLowerCase(),
        price,
        size: text('size_in_quote') === 'true' ? quotient(size, price) : size,
        fee_usd: text('fee'),
        filled_at: instant('time'),
      },
    };
  },
});
