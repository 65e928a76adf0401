import { symbolParts } from '../../../functions/trades/symbol.ts';
import { quotient } from '../decimal.ts';
import { type Adjustment, DETAIL, remark, skipped } from '../entry.ts';
import { format } from '../format.ts';

/** Futures and perpetuals, such as `BIT-28FEB25-CDE` and `BTC-PERP-INTX`. */
const DERIVATIVE = /-(CDE|INTX)$/;

const ADJUSTS: Readonly<Record<string, Adjustment['by']>> = {
  FILL: 'fill',
  SYNTHETIC: 'fill',
  REVERSAL: 'reversal',
  CORRECTION: 'correction',
};

/** "List fills" of the Advanced Trade API as JSON or CSV, and the account's CSV of fills, which has no order ids. `entry_id` is the key of a
 *  row: a reversal or a correction has the `trade_id` of its fill. */
export const coinbaseFills = format({
  name: 'coinbase-fills',
  what: 'fills of Coinbase',
  columns: {
    entry_id: ['entry_id'],
    trade_id: ['trade_id', 'entry_id'],
    order_id: ['order_id'],
    product: ['product_id', 'product'],
    side: ['side'],
    price: ['price'],
    size: ['size'],
    size_in_quote: ['size_in_quote'],
    fee: ['commission', 'fee'],
    time: ['trade_time', 'created_at'],
    posted: ['sequence_timestamp', 'trade_time', 'created_at'],
    trade_type: ['trade_type'],
  },
  needs: ['trade_id', 'product', 'side', 'price', 'size', 'time'],
  *entries({ text, instant }) {
    const [product, type] = [text('product') ?? '', text('trade_type') ?? 'FILL'];
    const by = ADJUSTS[type.toUpperCase()];
    if (by === undefined) return yield skipped(`of the unknown type ${type}`);
    if (DERIVATIVE.test(product))
      return yield skipped('a future or perpetual, whose contract size the file does not state');
    // Trade ids count within their product.
    const trade = `coinbase:${product}:${text('trade_id')}`;
    const entryId = text('entry_id');
    const fill_id = entryId === null ? trade : `coinbase:${entryId}`;
    const order_id = text('order_id');
    const [price, size, fee] = [text('price'), text('size'), text('fee')];
    const { quote } = symbolParts(product);
    yield {
      kind: 'fill',
      detail: DETAIL.executions,
      charges: fee === null || quote === null ? [] : [{ amount: fee, currency: quote }],
      adjusts: { trade, by, at: instant('posted') },
      fill: {
        fill_id,
        order_id: order_id ?? fill_id,
        symbol: product,
        side: text('side')?.toLowerCase(),
        price,
        size: /^(true|t|1)$/i.test(text('size_in_quote') ?? '') ? quotient(size, price) : size,
        filled_at: instant('time'),
      },
    };
    if (type === 'SYNTHETIC')
      yield remark('is SYNTHETIC, a fill that Coinbase added to adjust others: it counts as a fill');
    if (order_id === null) yield remark('has no order id: each fill is an order, and links do not find it');
  },
});
