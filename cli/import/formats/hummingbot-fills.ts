import { symbolParts } from '../../../functions/trades/symbol.ts';
import type { Charge } from '../charges.ts';
import { product, scaled } from '../decimal.ts';
import { DETAIL, remark, skipped } from '../entry.ts';
import { asText, type Cells, format, type Row } from '../format.ts';

const columns = {
  market: ['market'],
  symbol: ['symbol'],
  order: ['order_id'],
  trade: ['exchange_trade_id'],
  type: ['trade_type'],
  price: ['price'],
  amount: ['amount'],
  time: ['timestamp'],
  fee: ['trade_fee'],
  fee_in_quote: ['trade_fee_in_quote'],
  position: ['position'],
  decimals: ['stored_decimals'],
};
type Fill = Cells<keyof typeof columns>;

/** Below this many millionths, six decimals lose more than 0.1 %. */
const COARSE = 1000;

/** Fills of Hummingbot: the table `TradeFill` of its database, or its CSV of trades. */
export const hummingbotFills = format({
  name: 'hummingbot-fills',
  what: 'fills of Hummingbot',
  columns,
  needs: ['market', 'symbol', 'order', 'trade', 'type', 'price', 'amount', 'time'],
  *entries(fill) {
    const { text, instant } = fill;
    // Enums are written as BUY or as TradeType.BUY.
    const [side, action] = [text('type'), text('position')].map((name) => name?.split('.').at(-1)?.toLowerCase());
    if (side !== 'buy' && side !== 'sell') return yield skipped(`not a trade (${side ?? 'without a type'})`);
    const [price, size] = [text('price'), text('amount')];
    if (!scaled(price) || !scaled(size))
      return yield skipped(
        'a price or an amount of 0: the database of Hummingbot cuts after six decimals, its CSV of trades does not',
      );
    const market = text('market') ?? '';
    const symbol = symbolOf(market, text('symbol') ?? '');
    yield {
      kind: 'fill',
      detail: DETAIL.executions,
      charges: chargesOf(fill, { symbol, side, price, size }),
      fill: {
        fill_id: [market, text('order'), text('trade')].join(':'),
        order_id: text('order'),
        ...{ symbol, side, price, size },
        position_side: positionSideOf(side, action),
        filled_at: instant('time'),
      },
    };
    const isCoarse = [price, size].some((value) => Number(value) * 1e6 < COARSE);
    if (text('decimals') === '6' && isCoarse)
      yield remark(
        'has a price or an amount that six decimals store to more than 0.1 %: the CSV of trades has all digits',
      );
  },
});

/** A perpetual names its settlement currency, so that it has other books than the same pair on a spot market. */
function symbolOf(market: string, symbol: string): string {
  const { quote } = symbolParts(symbol);
  return /perpetual|_perp\b/.test(market) && quote !== null ? `${symbol}:${quote}` : symbol;
}

/** Of a perpetual in hedge mode or with a stated action; otherwise the service's default applies. */
function positionSideOf(side: 'buy' | 'sell', action: string | undefined): 'long' | 'short' | null {
  if (action !== 'open' && action !== 'close') return null;
  return (action === 'open') === (side === 'buy') ? 'long' : 'short';
}

interface Traded {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string | null;
  readonly size: string | null;
}

/** The fees in `trade_fee`, in their own currencies; the converted sum only where that does not state them. A share of a
 *  DeductedFromReturns fee is taken from what is received: on a buy in the base coin. */
function chargesOf({ text, json }: Fill, { symbol, side, price, size }: Traded): Charge[] {
  const { base, quote } = symbolParts(symbol);
  if (base === null || quote === null) return [];
  const inQuote = scaled(text('fee_in_quote')) ? text('fee_in_quote') : null;
  const { fee_type, percent, percent_token, flat_fees } = objectIn(json('fee'));
  const flat = (Array.isArray(flat_fees) ? (flat_fees as Row[]) : []).flatMap(({ token, amount }): Charge[] => {
    const [currency, paid] = [asText(token), asText(amount)];
    return currency === null || paid === null ? [] : [{ amount: paid, currency }];
  });
  const share = asText(percent);
  const received = /deducted/i.test(asText(fee_type) ?? '') && side === 'buy' ? base : quote;
  const currency = asText(percent_token) ?? received;
  const value = currency === base ? product(size, share) : product(price, size, share);
  // A share that is paid in a third coin is stated by its value.
  const shared =
    !scaled(share) || value === null ? [] : [{ amount: value, currency: currency === base ? base : quote }];
  const charges = [...flat, ...shared];
  if (charges.length === 0) return [{ amount: inQuote ?? '0', currency: quote }];
  return charges.length === 1 ? charges.map((charge) => ({ ...charge, in_quote: inQuote })) : charges;
}

const objectIn = (value: unknown): Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {};
