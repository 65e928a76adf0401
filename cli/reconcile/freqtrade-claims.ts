import type { Row, RowContext } from '../import/format.ts';
import { asText } from '../import/format.ts';
import { freqtradeTrades } from '../import/formats/freqtrade-trades.ts';
import type { Claim, ClaimedFill } from './claim.ts';

/** The P&L of a trade, as its database, its API and its backtests name it. */
const PNL = ['close_profit_abs', 'profit_abs'];

/** What freqtrade states of a trade. Its fills are those that the import reads. */
export function freqtradeClaim(row: Row, context: RowContext): Claim {
  const pnl = PNL.map((name) => asText(row[name])).find((value) => value !== null);
  const isOpen = /^(1|true|t)$/i.test(asText(row.is_open) ?? '');
  const fills = [...freqtradeTrades.entries(row, context)].flatMap((entry) =>
    entry.kind === 'fill' ? [entry.fill] : [],
  );
  const [first] = fills;
  const id = asText(row.trade_id ?? row.id ?? row.trade_no) ?? String(context.number);
  return {
    ...{ id, name: `trade ${id}` },
    isOpen: isOpen || pnl === undefined,
    symbol: String(first?.symbol ?? row.pair),
    pnl: pnl ?? '0',
    position_id: asText(first?.position_id),
    order_ids: [...new Set(fills.map(({ order_id }) => String(order_id)))],
    fills: fills.map(
      (fill): ClaimedFill => ({
        order_id: String(fill.order_id),
        side: fill.side === 'sell' ? 'sell' : 'buy',
        price: String(fill.price),
        size: String(fill.size),
        fee: asText(fill.fee_usd) ?? asText((fill.fee as { amount?: unknown } | undefined)?.amount),
      }),
    ),
    funding: asText(row.funding_fees),
    payments: [],
  };
}
