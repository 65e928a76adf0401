import {
  getTrade,
  listPositions,
  listTrades,
  type Position,
  type Trade,
  type TradeDetail,
} from '../../functions/trades/contract.ts';
import { symbolParts } from '../../functions/trades/symbol.ts';
import { type Prices, priceOf } from '../import/charges.ts';
import type { Api } from '../service/api.ts';
import type { Claim, Claims } from './claim.ts';
import { agrees, type Compared, closesOthers, REASONS, type Reason, reasonOf } from './difference.ts';

export interface Difference {
  readonly trade: string;
  readonly symbol: string;
  readonly claimed_pnl_usd: number;
  /** Null when there is no such trade here. */
  readonly pnl_usd: number | null;
  readonly reason: Reason;
}

export interface Reconciled {
  readonly compared: number;
  readonly agreed: number;
  readonly differences: readonly Difference[];
  /** Closed trades that the tool does not have. */
  readonly only_here: readonly OnlyHere[];
  readonly claimed_pnl_usd: number;
  readonly pnl_usd: number;
}

export interface OnlyHere {
  readonly trade_id: string;
  readonly symbol: string;
  readonly closed_at: string;
  readonly pnl_usd: number;
  readonly reason: 'twice, under other ids' | 'not in the file';
}

interface Here {
  readonly trades: readonly Trade[];
  readonly positions: readonly Position[];
}

type Claimed = Pick<Claims, 'claims' | 'open'>;

/** Compares each trade of the tool with those of the service. */
export async function reconcile(
  api: Api,
  { bot_id, claims, open, prices }: Claimed & { readonly bot_id: string | undefined; readonly prices: Prices },
): Promise<Reconciled> {
  const here = await tradesHere(api, bot_id);
  const byPosition = Map.groupBy(here.trades, ({ position_id }) => position_id);
  const byOrder = Map.groupBy(here.trades, ({ order_id }) => order_id);
  const tradesOf = (claim: Claim): readonly Trade[] => {
    const ofPosition = claim.position_id === null ? undefined : byPosition.get(claim.position_id);
    return ofPosition ?? orElse(ordersOf(claim, byOrder), () => here.trades.filter((trade) => isOf(claim, trade)));
  };
  const ordersOfSymbol = knownOrders(api, here.trades);
  const reasonFor = async ({ claim, trades, compared, usd }: Differing): Promise<Reason> => {
    if (trades.length === 0)
      return here.positions.some((position) => isOf(claim, position)) ? REASONS.open : REASONS.missing;
    const details = await detailsOf(api, trades);
    if (closesOthers(claim, details)) {
      const known = await ordersOfSymbol(trades[0]?.symbol ?? '');
      if (claim.order_ids.some((id) => !known.has(id))) return REASONS.fill;
    }
    return reasonOf(claim, details, compared, usd);
  };
  const differences: Difference[] = [];
  let [claimed, own] = [0, 0];
  for (const claim of claims) {
    const usd = Number(usdOf(claim, prices));
    const trades = tradesOf(claim);
    const compared = comparedOf(trades, Number(claim.pnl) * usd);
    claimed += compared.claimed;
    own += compared.here;
    if (trades.length > 0 && agrees(compared)) continue;
    differences.push({
      ...{ trade: claim.name, symbol: claim.symbol, claimed_pnl_usd: compared.claimed },
      pnl_usd: trades.length === 0 ? null : compared.here,
      reason: await reasonFor({ claim, trades, compared, usd }),
    });
  }
  const agreed = claims.length - differences.length;
  const only_here = onlyHere(here.trades, new Set([...claims, ...open].flatMap(tradesOf)));
  return { compared: claims.length, agreed, differences, only_here, claimed_pnl_usd: claimed, pnl_usd: own };
}

/** The trades that belong to none of the tool. */
function onlyHere(trades: readonly Trade[], known: ReadonlySet<Trade>): OnlyHere[] {
  const placeOf = ({ symbol, opened_at, closed_at }: Trade) =>
    [symbol, ...[opened_at, closed_at].map((at) => Math.round(Date.parse(at) / 1000))].join(' ');
  const places = new Set([...known].map(placeOf));
  return trades
    .filter((trade) => !known.has(trade))
    .map((trade) => ({
      ...{ trade_id: trade.trade_id, symbol: trade.symbol, closed_at: trade.closed_at, pnl_usd: trade.pnl_usd },
      reason: places.has(placeOf(trade)) ? 'twice, under other ids' : 'not in the file',
    }));
}

/** Whether a position belongs to a trade of the tool. Other clients build its id from the tool's own one in another way. */
const isOf = (claim: Claim, { symbol, position_id }: Position | Trade): boolean =>
  position_id !== null &&
  (position_id === claim.position_id ||
    (symbol === claim.symbol && position_id.split(':').slice(1).includes(claim.id)));

const orElse = <Item>(items: readonly Item[], others: () => readonly Item[]): readonly Item[] =>
  items.length > 0 ? items : others();

interface Differing {
  readonly claim: Claim;
  readonly trades: readonly Trade[];
  readonly compared: Compared;
  readonly usd: number;
}

/** The orders of all trades of a symbol, read once. */
function knownOrders(api: Api, trades: readonly Trade[]): (symbol: string) => Promise<ReadonlySet<string>> {
  const read = new Map<string, Promise<ReadonlySet<string>>>();
  const readOrders = async (symbol: string) => {
    const details = await detailsOf(
      api,
      trades.filter((trade) => trade.symbol === symbol),
    );
    return new Set(details.flatMap(({ orders }) => orders.map(({ order_id }) => order_id)));
  };
  return (symbol) => {
    const known = read.get(symbol) ?? readOrders(symbol);
    read.set(symbol, known);
    return known;
  };
}

const ordersOf = ({ order_ids }: Claim, byOrder: ReadonlyMap<string, readonly Trade[]>): readonly Trade[] =>
  order_ids.flatMap((id) => byOrder.get(id) ?? []);

const comparedOf = (trades: readonly Trade[], claimed: number): Compared => ({
  claimed,
  here: trades.reduce((sum, { pnl_usd }) => sum + pnl_usd, 0),
  turnover: trades.reduce((sum, { cost_basis_usd, net_proceeds_usd }) => sum + cost_basis_usd + net_proceeds_usd, 0),
});

/** @throws Error when the quote currency has no price in USD */
function usdOf({ symbol }: Claim, prices: Prices): string {
  const { quote } = symbolParts(symbol);
  const usd = quote === null ? null : priceOf(quote, prices);
  if (usd === null) throw new Error(`${quote ?? symbol} has no price in USD: state it with --quote-usd ${quote}=<USD>`);
  return usd;
}

async function detailsOf(api: Api, trades: readonly Trade[]): Promise<TradeDetail[]> {
  const details: TradeDetail[] = [];
  for (const { trade_id } of trades) details.push((await api(getTrade, { path: { trade_id } })).body);
  return details;
}

/** The most items that the service returns at once. */
const PAGE = 500;

async function tradesHere(api: Api, bot_id: string | undefined): Promise<Here> {
  const trades: Trade[] = [];
  for (let cursor: string | undefined | null; cursor !== null; ) {
    const { body } = await api(listTrades, { query: { bot_id, limit: PAGE, cursor } });
    trades.push(...body.trades);
    cursor = body.next_cursor;
  }
  const positions: Position[] = [];
  for (let cursor: string | undefined | null; cursor !== null; ) {
    const { body } = await api(listPositions, { query: { bot_id, limit: PAGE, cursor } });
    positions.push(...body.positions);
    cursor = body.next_cursor;
  }
  return { trades, positions };
}
