import { DETAIL, skipped } from '../entry.ts';
import { format } from '../format.ts';
import { triggerOf } from '../trigger.ts';

const FILLED = /^(fill(ed)?|done|closed?|completed?|settled|executed)$/i;

/** The old bot's own table. An order id such as `abc-FILL-2` is a fill of the order `abc`. */
export const tradeRecords = format({
  name: 'trade_records',
  what: 'the old bot’s trade_records',
  columns: {
    order_id: ['order_id'],
    symbol: ['symbol', 'product_id'],
    side: ['side'],
    price: ['price', 'average_price'],
    size: ['size', 'amount', 'quantity'],
    fee: ['total_fees', 'total_fees_usd', 'fee', 'fees', 'fee_usd'],
    time: ['order_time', 'filled_at', 'trade_time', 'time'],
    trigger: ['trigger', 'trigger_type'],
    status: ['status'],
    source: ['source'],
  },
  needs: ['order_id', 'symbol', 'side', 'price', 'size', 'time'],
  *entries({ text, instant, json }) {
    const status = text('status');
    if (status && !FILLED.test(status)) return yield skipped(`not filled (status ${status.toLowerCase()})`);
    const id = text('order_id');
    const order_id = id?.replace(/-FILL-\d+$/i, '');
    yield {
      kind: 'fill',
      detail: id === order_id ? DETAIL.recordOfOrder : DETAIL.record,
      fill: {
        fill_id: id && `trade_records:${id}`,
        order_id,
        symbol: text('symbol'),
        side: text('side')?.toLowerCase(),
        price: text('price'),
        size: text('size'),
        fee_usd: text('fee'),
        filled_at: instant('time'),
        source: text('source'),
      },
    };
    const trigger_type = triggerOf(json('trigger'));
    if (trigger_type) yield { kind: 'link', link: { order_id, trigger_type } };
  },
});
