import type { Fill } from './contract.ts';
import { decimalsOf, decimalText, scaled } from './matching/decimal.ts';
import type { FillRow } from './matching/state.ts';
import { isInverse, symbolParts, usdPerQuote } from './symbol.ts';

/** Why a fill is rejected, as `field: reason`; null when it is accepted. */
export function rejectionOf(fill: Fill): string | null {
  const parts = symbolParts(fill.symbol);
  if (isInverse(parts))
    return `symbol: ${fill.symbol} is an inverse contract (settled in its base coin), which is not supported`;
  if (usdPerQuote(fill.symbol, fill.quote_usd) === null)
    return `quote_usd: is required, because the quote of ${fill.symbol} does not count as USD: the price of one ${parts.quote ?? 'unit of it'} in USD, such as "quote_usd": "1.08"`;
  if (fill.fee && fill.fee_usd != null) return 'fee: cannot be combined with fee_usd';
  if (fill.fee && feeOf(fill) === null)
    return `fee/usd: is required, because ${fill.fee.currency} is neither base nor quote of ${fill.symbol}: the price of one ${fill.fee.currency} in USD`;
  const { net_size } = fillRow(fill);
  if (net_size !== null && !(Number(net_size) > 0))
    return 'fee/amount: must be less than size, from which it is deducted';
  return null;
}

/** Converts a fill to its stored form: with its book, its fee in USD and its size net of a fee in the base coin. */
export function fillRow(fill: Fill): FillRow {
  const { symbol, side, size, quote_usd = null, fee } = fill;
  const usd = usdPerQuote(symbol, quote_usd) ?? '1';
  const price_usd = usd === '1' ? null : times(fill.price, usd);
  const position_side = fill.position_side ?? (symbolParts(symbol).settlement === null ? 'long' : 'net');
  const opens = position_side === 'short' ? side === 'sell' : side === 'buy';
  const feeInBase = fee !== undefined && fee !== null && fee.currency.toUpperCase() === symbolParts(symbol).base;
  return {
    fill_id: fill.fill_id,
    order_id: fill.order_id,
    symbol,
    position_side,
    position_id: fill.position_id ?? '',
    side,
    price: fill.price,
    size,
    net_size: feeInBase && opens ? minus(size, fee.amount) : null,
    fee_usd: fee ? feeOf(fill) : (fill.fee_usd ?? null),
    fee_amount: fee?.amount ?? null,
    fee_currency: fee?.currency ?? null,
    quote_usd,
    price_usd,
    filled_at: fill.filled_at,
    placed_at: fill.placed_at ?? null,
    client_order_id: fill.client_order_id ?? null,
    source: fill.source ?? null,
  };
}

/** Converts a fee to USD: at the fill's price when it is in the base coin, at the quote's price when it is in the quote currency, else at
 *  `fee.usd`. @returns null when there is no fee, or no price for it */
function feeOf({ symbol, price, quote_usd, fee }: Fill): string | null {
  if (!fee) return null;
  const { base, quote } = symbolParts(symbol);
  const usd = usdPerQuote(symbol, quote_usd) ?? '1';
  const currency = fee.currency.toUpperCase();
  if (currency === base) return times(times(fee.amount, price), usd);
  if (currency === quote) return times(fee.amount, usd);
  return fee.usd ? times(fee.amount, fee.usd) : null;
}

function times(a: string, b: string): string {
  const [left, right] = [decimalsOf(a), decimalsOf(b)];
  return decimalText(scaled(a, left) * scaled(b, right), left + right);
}

function minus(a: string, b: string): string {
  const decimals = Math.max(decimalsOf(a), decimalsOf(b));
  return decimalText(scaled(a, decimals) - scaled(b, decimals), decimals);
}
