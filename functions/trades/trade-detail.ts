import type { Database } from '../database/database.ts';
import { NotFound } from '../errors.ts';
import { snapshotsById } from '../snapshots/snapshots.ts';
import { thresholds } from '../thresholds.ts';
import { linksOf } from '../trade-links/trade-links.ts';
import type { TradeAllocation, TradeDetail, TradeOrder } from './contract.ts';
import { decimalsOf, decimalText, scaled } from './matching/decimal.ts';
import * as store from './store.ts';

/** Most fills, and most allocations, read by one statement. */
const AT_ONCE = { fills: 1000, allocations: 500 };

/** Reads a trade and everything that its P&L is computed from. @throws NotFound */
export async function tradeById(database: Database, tradeId: string): Promise<TradeDetail> {
  const found = await store.tradeById(database, tradeId);
  if (!found) throw new NotFound(`no trade ${tradeId}`);
  const { part: _, ...trade } = found;
  const { bot_id, order_id, position_id } = trade;

  const closing = position_id === null ? [{ order_id }] : await store.closingOrders(database, bot_id, order_id);
  const pieces = await allAllocations(
    database,
    bot_id,
    closing.map((order) => order.order_id),
  );
  const orderIds = distinct(pieces.flatMap((piece) => [piece.opening_order_id, piece.closing_order_id]));
  const orders = new Map((await store.orders(database, bot_id, orderIds)).map((order) => [order.order_id, order]));
  const own = position_id === null ? piecesOf(trade, pieces, orders) : pieces;

  const ownOrders = new Set(own.flatMap((piece) => [piece.opening_order_id, piece.closing_order_id]));
  const fillIds = distinct(own.flatMap((piece) => [piece.opening_fill_id, piece.closing_fill_id]));
  const snapshotIds = distinct([trade.entry_snapshot_id, trade.exit_snapshot_id].flatMap((id) => id ?? []));
  const [fills, links, snapshots] = await Promise.all([
    inChunks(fillIds, (some) => store.fills(database, bot_id, some)),
    linksOf(database, bot_id, [...ownOrders]),
    snapshotsById(database, snapshotIds),
  ]);
  return {
    ...trade,
    allocations: own.map(withPnl),
    orders: [...orders.values()].filter((order) => ownOrders.has(order.order_id)),
    fills,
    links,
    snapshots: snapshots.map(({ snapshot_id, notes, active_from, active_until }) => ({
      ...{ snapshot_id, notes, active_from, active_until },
    })),
  };
}

type Piece = store.Allocation;

async function allAllocations(database: Database, botId: string, orderIds: readonly string[]): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (let page: Piece[] | null = null; page === null || page.length === AT_ONCE.allocations; ) {
    page = await store.allocations(database, botId, orderIds, { offset: pieces.length, limit: AT_ONCE.allocations });
    pieces.push(...page);
  }
  return pieces;
}

/** Selects the allocations of one trade of a closing order, grouped as in rebuild_trades: by entry snapshot and direction, with dust
 *  added to the largest group. */
function piecesOf(
  trade: Pick<TradeDetail, 'entry_snapshot_id' | 'side' | 'size' | 'attribution'>,
  pieces: readonly Piece[],
  orders: ReadonlyMap<string, TradeOrder>,
): readonly Piece[] {
  const entryOf = (piece: Piece) => orders.get(piece.opening_order_id);
  const groups = [
    ...Map.groupBy(pieces, (piece) => {
      const entry = entryOf(piece);
      return JSON.stringify([entry?.snapshot_id, entry?.attribution === 'manual', entry?.side]);
    }).values(),
  ].map((group) => ({ group, size: Number(sum(group.map(({ size }) => size))) }));
  const total = groups.reduce((all, { size }) => all + size, 0);
  const largest = Math.max(...groups.map(({ size }) => size));
  const isDust = (size: number) => size < thresholds.dust_share * total && size !== largest;
  const dust = groups.filter(({ size }) => isDust(size)).flatMap(({ group }) => group);
  const candidates = groups
    .filter(({ size }) => !isDust(size))
    .map(({ group, size }) => (size === largest ? [...group, ...dust] : group));
  const own = candidates.filter(([first]) => {
    const entry = first && entryOf(first);
    const side = entry?.side === 'buy' ? 'long' : 'short';
    return entry?.snapshot_id === trade.entry_snapshot_id && side === trade.side;
  });
  // Manual entries and entries before the first snapshot both have no snapshot: only the size distinguishes their groups.
  return own.find((group) => Number(sum(group.map(({ size }) => size))) === trade.size) ?? own[0] ?? [];
}

const withPnl = ({ net_proceeds_usd, cost_basis_usd, ...piece }: Piece): TradeAllocation => ({
  ...{ ...piece, cost_basis_usd, net_proceeds_usd },
  pnl_usd: sum([net_proceeds_usd, cost_basis_usd.startsWith('-') ? cost_basis_usd.slice(1) : `-${cost_basis_usd}`]),
});

function sum(values: readonly string[]): string {
  const decimals = Math.max(0, ...values.map(decimalsOf));
  return decimalText(
    values.reduce((total, value) => total + scaled(value, decimals), 0n),
    decimals,
  );
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

async function inChunks<Row>(
  ids: readonly string[],
  read: (some: readonly string[]) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE.fills) rows.push(...(await read(ids.slice(at, at + AT_ONCE.fills))));
  return rows;
}
