import { isInverse, symbolParts } from '../../../functions/trades/symbol.ts';
import type { Charge } from '../charges.ts';
import { contractSizeOf } from '../contract-size.ts';
import { product } from '../decimal.ts';
import { DETAIL, type Entry, remark, skipped } from '../entry.ts';
import { exactIn } from '../exact-number.ts';
import { asText, type Cells, format, type Row } from '../format.ts';

const columns = {
  id: ['id'],
  order: ['order'],
  time: ['timestamp', 'datetime'],
  symbol: ['symbol'],
  side: ['side'],
  price: ['price'],
  amount: ['amount'],
  cost: ['cost'],
  fee: ['fee'],
  fees: ['fees'],
  contract_size: ['contractsize', 'contract_size'],
  info: ['info'],
};
type Trade = Cells<keyof typeof columns>;

/** An option names its expiry and its strike, as in `BTC/USD:BTC-241227-100000-C`. */
const OPTION = /-\d{6}-[\d.]+-[CP]$/;

/** Trades as ccxt's `fetchMyTrades` returns them. */
export const ccxtTrades = format({
  name: 'ccxt-trades',
  what: 'trades of ccxt',
  columns,
  needs: ['time', 'symbol', 'side', 'price', 'amount'],
  *entries(trade) {
    const { text, json } = trade;
    const [id, symbol] = [text('id'), text('symbol')];
    if (id === null || symbol === null) return yield skipped(`a trade without ${id === null ? 'an id' : 'a symbol'}`);
    const refusal = refusalOf(symbol);
    if (refusal) return yield skipped(refusal);
    const [price, amount] = [exactIn(json('info'), text('price')), exactIn(json('info'), text('amount'))];
    const contract = isContract(symbol) ? contractSizeOf(trade, { price, amount }) : '1';
    if (contract === null)
      return yield skipped('a contract whose size the file does not state: add "contractSize" or ccxt’s "cost"');
    const size = product(amount, contract);
    const fill_id = `${symbol}:${id}`;
    yield {
      kind: 'fill',
      detail: DETAIL.executions,
      charges: chargesOf(trade, { price, size }),
      fill: {
        fill_id,
        order_id: text('order') ?? id,
        symbol,
        side: text('side')?.toLowerCase(),
        price,
        size,
        position_side: positionSideOf(json('info')),
        filled_at: trade.instant('time'),
      },
    };
    yield* remarks(trade, contract);
  },
});

const isContract = (symbol: string): boolean => symbolParts(symbol).settlement !== null;

function refusalOf(symbol: string): string | null {
  if (OPTION.test(symbol)) return 'an option, which is not supported';
  return isInverse(symbolParts(symbol))
    ? 'an inverse contract (settled in its base coin), which is not supported'
    : null;
}

function* remarks({ text, json }: Trade, contract: string): Generator<Entry> {
  if (text('order') === null) yield remark('has no order id: its own id is used, so each such trade is an order');
  if (contract !== '1')
    yield remark(`has an amount in contracts, each of ${contract} coins: the size is the amount times ${contract}`);
  const fee = json('fee');
  if (typeof fee === 'string') yield remark('has a fee that is not JSON and is not read: it counts as missing');
}

/** The fees: `fees` has all of them, `fee` the only one. */
function chargesOf({ json }: Trade, { price, size }: { price: string | null; size: string | null }): Charge[] {
  const given = [json('fees'), json('fee')].map(listOf).find((list) => list.some(hasCost)) ?? [];
  return given.filter(hasCost).map((fee) => {
    const [cost, rate] = [asText(fee.cost), asText(fee.rate)];
    const isRebate = cost?.startsWith('-') && !rate?.startsWith('-');
    return {
      amount: cost ?? '',
      currency: asText(fee.currency) ?? '',
      // `rate` is the share of the trade's value.
      in_quote: rate && product(price, size, isRebate ? `-${rate}` : rate),
    };
  });
}

const listOf = (value: unknown): Row[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'object' && each !== null);

const hasCost = ({ cost, currency }: Row): boolean => asText(cost) !== null && asText(currency) !== null;

/** In hedge mode the exchange names the side of the position; otherwise the service's default applies. */
function positionSideOf(info: unknown): 'long' | 'short' | null {
  if (typeof info !== 'object' || info === null) return null;
  const { positionSide, posSide } = info as Row;
  const side = String(positionSide ?? posSide).toLowerCase();
  return side === 'long' || side === 'short' ? side : null;
}
