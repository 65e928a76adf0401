import { asText, type Row } from '../import/format.ts';
import type { Claim, Payment } from './claim.ts';

/** What Hummingbot states of an executor. Its P&L leaves out funding. */
export function hummingbotClaim(row: Row, payments: readonly Payment[]): Claim {
  const pnl = asText(row.net_pnl_quote);
  const isActive = /^(1|true)$/i.test(asText(row.is_active) ?? '');
  const id = asText(row.id) ?? '?';
  const [config, info] = [objectIn(row.config), objectIn(row.custom_info)];
  return {
    ...{ id, name: `executor ${id}` },
    symbol: asText(config.trading_pair) ?? '?',
    isOpen: isActive || pnl === null,
    pnl: pnl ?? '0',
    position_id: null,
    order_ids: [...new Set(orderIdsIn(info))],
    fills: [],
    funding: null,
    payments: payments.filter(({ symbol }) => symbol === asText(config.trading_pair)),
  };
}

/** The order ids in what an executor reports of itself: which fields it has depends on its type and release. */
function orderIdsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(orderIdsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    if (!/^(client_)?order_ids?$/.test(name)) return orderIdsIn(part);
    return (Array.isArray(part) ? part : [part]).filter((id) => typeof id === 'string');
  });
}

function objectIn(value: unknown): Row {
  try {
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    return typeof parsed === 'object' && parsed !== null ? (parsed as Row) : {};
  } catch {
    return {};
  }
}
