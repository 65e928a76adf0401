import { expect } from 'vitest';
import { compare, endsWithin, type Fraction, fraction, minus, sum, toNumber, toText } from './fraction.ts';
import type { Reply, Service } from './service.ts';
import { type SlowFill, type SlowTrade, slowFifo } from './slow-fifo.ts';

type Item = Reply['body'];

interface Stored {
  readonly closing_fill_id: string;
  readonly opening_fill_id: string;
  readonly size: string;
  readonly cost_basis_usd: string;
  readonly net_proceeds_usd: string;
  readonly hold_seconds: string;
}

/** Checks every allocation, open size and fee of a bot against the reference FIFO matching: exactly where quotients end within 12
 *  decimals, otherwise to a relative 1e-12. */
export async function expectAllocationsOf(service: Service, bot: string, fills: readonly SlowFill[]): Promise<void> {
  const { allocations, open } = slowFifo(fills);
  const stored = await service.sql<Stored>(
    `SELECT closing_fill_id, opening_fill_id, size::text, cost_basis_usd::text, net_proceeds_usd::text, hold_seconds::text
     FROM allocations WHERE bot_id = $1`,
    [bot],
  );
  const pair = (sell: string, buy: string) => JSON.stringify([sell, buy]);
  expect(stored.map((row) => pair(row.closing_fill_id, row.opening_fill_id)).sort()).toEqual(
    allocations.map(({ closing, opening }) => pair(closing.fill_id, opening.fill_id)).sort(),
  );

  const byPair = new Map(stored.map((row) => [pair(row.closing_fill_id, row.opening_fill_id), row]));
  const wrong = allocations.flatMap((slow) => {
    const row = byPair.get(pair(slow.closing.fill_id, slow.opening.fill_id));
    return (['size', 'cost_basis_usd', 'net_proceeds_usd', 'hold_seconds'] as const)
      .filter((field) => !row || !same(row[field], slow[field]))
      .map(
        (field) =>
          `${slow.closing.fill_id} ${slow.opening.fill_id} ${field}: ${row?.[field]}, not ${toText(slow[field], 30)}`,
      );
  });
  expect(wrong).toEqual([]);

  const left = await service.sql<{ fill_id: string; open_size: string }>(
    `SELECT f.fill_id, (CASE WHEN b.position_side <> 'net' AND (f.side = 'buy') = (b.position_side = 'long') OR lot.fill_id IS NOT NULL THEN coalesce(lot.open_size, 0)
       ELSE f.size - coalesce(sum(a.size), 0) - coalesce((SELECT sum(o.size) FROM allocations o WHERE o.bot_id = f.bot_id AND o.opening_fill_id = f.fill_id), 0) END)::text AS open_size
     FROM fills f
     JOIN books b USING (book_id)
     LEFT JOIN open_lots lot ON lot.bot_id = f.bot_id AND lot.fill_id = f.fill_id
     LEFT JOIN allocations a ON a.bot_id = f.bot_id AND a.closing_fill_id = f.fill_id
     WHERE f.bot_id = $1
     GROUP BY f.bot_id, f.fill_id, f.side, f.size, lot.fill_id, lot.open_size, b.position_side`,
    [bot],
  );
  expect(left).toHaveLength(fills.length);
  expect(
    left.filter(({ fill_id, open_size }) => compare(fraction(open_size), open.get(fill_id) ?? { n: -1n, d: 1n }) !== 0),
  ).toEqual([]);

  expect(await feesThatDoNotAddUp(service, bot)).toEqual([]);
}

/** Fills whose fee differs from the sum of its allocated and open parts. */
function feesThatDoNotAddUp(service: Service, bot: string): Promise<unknown[]> {
  return service.sql(
    `SELECT f.fill_id, f.fee_usd, sum(a.fee)
     FROM fills f
     JOIN (SELECT opening_fill_id AS fill_id, size, opening_fee_usd AS fee FROM allocations WHERE bot_id = $1
           UNION ALL SELECT closing_fill_id, size, closing_fee_usd FROM allocations WHERE bot_id = $1
           UNION ALL SELECT fill_id, open_size, open_fee_usd FROM open_lots WHERE bot_id = $1) a USING (fill_id)
     WHERE f.bot_id = $1
     GROUP BY f.fill_id, f.fee_usd, f.size
     HAVING sum(a.size) = f.size AND sum(a.fee) <> coalesce(f.fee_usd, 0)`,
    [bot],
  );
}

function same(text: string, exact: Fraction): boolean {
  // The last piece of a fee takes what rounding left of the others: less than 1e-28, where all others are rounded at 30 places.
  if (endsWithin(exact, 12)) return toText(fraction(text), 28) === toText(exact, 28);
  return Math.abs(toNumber(minus(fraction(text), exact))) <= 1e-12 * Math.max(1, Math.abs(toNumber(exact)));
}

/** Reads every closed trade of a bot through the API. */
export async function tradesOf(service: Service, query: Record<string, string | number>): Promise<Item[]> {
  return everyPage(service, 'GET /trades', query, 'trades');
}

/** Reads all pages of a list. */
export async function everyPage(
  service: Service,
  route: string,
  query: Record<string, string | number>,
  name: string,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const { status, body } = await service.call(route, {
      query: { limit: 500, ...query, ...(cursor ? { cursor } : {}) },
    });
    expect(status, JSON.stringify(body)).toBe(200);
    items.push(...body[name]);
    cursor = body.next_cursor;
  } while (cursor);
  return items;
}

/** Checks the trades of a bot, as listed by the API, against the reference. `idOf` maps snapshots of the reference to ids. */
export async function expectTradesOf(
  service: Service,
  bot: string,
  slow: readonly SlowTrade[],
  idOf: (entry: string) => string,
): Promise<void> {
  const trades = await tradesOf(service, { bot_id: bot });
  const shown = (order: string, entry: string | null, size: number) => `${order} ${entry} ${size}`;
  const entryId = ({ entry }: SlowTrade) => (entry === null ? null : idOf(entry));
  expect(trades.map((t) => shown(t.order_id, t.entry_snapshot_id, t.size)).sort()).toEqual(
    slow.map((t) => shown(t.order_id, entryId(t), toNumber(t.size))).sort(),
  );
  for (const trade of trades) {
    const expected = slow.find((t) => t.order_id === trade.order_id && entryId(t) === trade.entry_snapshot_id);
    if (!expected) throw new Error(`unexpected trade of ${trade.order_id}`);
    expect(trade.closed_at).toBe(expected.closed_at.replace('.000000', ''));
    expect(trade.pnl_usd).toBeCloseTo(toNumber(expected.pnl_usd), 9);
    expect(trade.hold_seconds).toBeCloseTo(toNumber(expected.hold_seconds), 6);
  }
}

/** A deterministic stream of whole numbers below `n` (mulberry32), so that failures can be reproduced from their seed. */
export function randomFrom(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((((t ^ (t >>> 14)) >>> 0) * n) / 2 ** 32) | 0;
  };
}

export function shuffled<Item>(items: readonly Item[], random: (n: number) => number): Item[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [all[i], all[j]] = [all[j] as Item, all[i] as Item];
  }
  return all;
}

export function inBatches<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** The sum of decimals, as text. */
export const total = (decimals: readonly string[]): string => toText(sum(decimals.map(fraction)), 30);
