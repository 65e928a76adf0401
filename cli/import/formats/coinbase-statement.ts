import { symbolParts } from '../../../functions/trades/symbol.ts';
import { priceOf } from '../charges.ts';
import { difference, magnitude, product, quotient } from '../decimal.ts';
import { DETAIL, remark, skipped } from '../entry.ts';
import { type Cells, format } from '../format.ts';

/** Until 2021 the names of the columns began with the account's currency. */
const CURRENCIES = ['usd', 'eur', 'gbp', 'cad', 'aud', 'chf', 'jpy', 'sgd'];
const inAnyCurrency = (...names: readonly string[]) => [
  ...names,
  ...names.flatMap((name) => CURRENCIES.map((currency) => `${currency}_${name}`)),
];

const columns = {
  id: ['id'],
  time: ['timestamp'],
  type: ['transaction_type'],
  asset: ['asset'],
  quantity: ['quantity_transacted'],
  currency: ['price_currency', 'spot_price_currency'],
  price: inAnyCurrency('price_at_transaction', 'spot_price_at_transaction'),
  subtotal: inAnyCurrency('subtotal'),
  fees: inAnyCurrency('fees_and/or_spread', 'fees'),
  notes: ['notes'],
};
type Statement = Cells<keyof typeof columns>;

const TRADE = /^(?:advanced? trade )?(buy|sell)$/i;

/** Rows that are no trades, by their types. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [
    /migration|deprecation|rename/i,
    'a coin that was renamed, and not a trade: state its size under the new name with --holdings',
  ],
  [/^(convert|wrap|unwrap)/i, 'a conversion between coins, and not a trade on a market'],
  [/send|receive|deposit|withdrawal|transfer|vault/i, 'a transfer, and not a trade'],
  [/reward|income|earn|airdrop|interest|rebate|payout|incentive/i, 'income, and not a trade'],
];

/** The account's statement (transaction history) of 2021 to 2026. It has lines before its header, and no order ids. */
export const coinbaseStatement = format({
  name: 'coinbase-statement',
  what: 'an account statement of Coinbase',
  columns,
  needs: ['time', 'type', 'asset', 'quantity'],
  *entries(statement, { row, nth }) {
    const { text } = statement;
    const [type, asset] = [text('type') ?? '', text('asset') ?? ''];
    const side = TRADE.exec(type)?.[1]?.toLowerCase();
    if (side === undefined) {
      const what = OTHERS.find(([pattern]) => pattern.test(type))?.[1] ?? 'of a type that is not known';
      return yield skipped(`${what} (${type.toLowerCase()})`);
    }
    const account = text('currency') ?? currencyIn(Object.keys(row));
    const trade = executionOf(statement, account);
    const time = statement.instant('time');
    const key = [time, side, asset, text('quantity')].join(':');
    const fill_id = `coinbase-statement:${text('id') ?? `${key}:${nth(key)}`}`;
    yield {
      kind: 'fill',
      detail: DETAIL.executions,
      charges: trade.fee === null || trade.quote === null ? [] : [{ amount: trade.fee, currency: trade.quote }],
      fill: {
        ...{ fill_id, order_id: fill_id, symbol: `${asset}-${trade.quote}`, side },
        ...{ price: trade.price, size: magnitude(text('quantity')), quote_usd: trade.quote_usd, filled_at: time },
      },
    };
    yield remark('has no order id in the statement: each row is an order, and links do not find it');
  },
});

interface Execution {
  readonly quote: string | null;
  readonly price: string | null;
  readonly fee: string | null;
  /** The price of the quote in USD, where the statement's own valuation shows it. */
  readonly quote_usd: string | null;
}

/** Notes such as `Sold 0.5 ETH for 990.05 USDC on ETH-USDC at 2000.125 USDC/ETH`. */
const EXECUTION = /for \S{0,8}?([\d.,]{1,60}) \w{1,20} on (\w{1,20}-\w{1,20}) at ([\d.,]{1,60}) /;
/** Notes such as `Bought 0.01 BTC for $610.00 USD`. */
const PAID = /for \D{0,8}?[\d.,]{1,60} ([A-Z]{3,5})/;

/** Price and fee of a row. The notes of an Advanced Trade have them in the quote of its market; the columns have the value in the account's
 *  currency, which may be another one. */
function executionOf({ text }: Statement, account: string | null): Execution {
  const notes = text('notes') ?? '';
  const [size, subtotal, fees] = [text('quantity'), text('subtotal'), text('fees')].map(magnitude);
  const [, amount, market, rate] = EXECUTION.exec(notes) ?? [];
  const quote = (market && symbolParts(market).quote) ?? account ?? PAID.exec(notes)?.[1] ?? null;
  if (!market || !rate || quote === account)
    return {
      ...{ quote, fee: fees ?? null, quote_usd: null },
      price: quotient(subtotal ?? null, size ?? null) ?? magnitude(text('price')),
    };
  const [price, value] = [magnitude(rate), product(size ?? null, magnitude(rate))];
  const valued = account !== null && priceOf(account, {}) !== null && priceOf(quote ?? '', {}) === null;
  return {
    ...{ quote, price },
    fee: magnitude(difference(value, magnitude(amount ?? null))),
    quote_usd: valued ? quotient(subtotal ?? null, value) : null,
  };
}

function currencyIn(columnNames: readonly string[]): string | null {
  const currency = columnNames.map((name) => /^([a-z]{3})_(?:spot_price|subtotal)/.exec(name)?.[1]).find(Boolean);
  return currency?.toUpperCase() ?? null;
}
