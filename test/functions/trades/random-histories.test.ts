import { describe, expect, test } from 'vitest';
import { expectAllocationsOf, expectTradesOf, inBatches, randomFrom, shuffled } from '../../support/matching.ts';
import { startService } from '../../support/service.ts';
import { type SlowFill, slowFifo, slowTrades } from '../../support/slow-fifo.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const at = (minute: number) => new Date(Date.UTC(2026, 0, 5) + minute * 60_000).toISOString().replace('Z', '000Z');

async function post(bot_id: string, fills: readonly object[]) {
  const reply = await service.call('POST /fills', { body: fills.map((fill) => ({ bot_id, ...fill })) });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return reply.body;
}

type Book = Pick<SlowFill, 'symbol' | 'position_side' | 'position_id'>;

/** A net book among them: its symbol names a settlement currency. */
const SPOT_BOOKS: readonly Book[] = [{ symbol: 'A-USD' }, { symbol: 'B-USDT' }, { symbol: 'c/USDC:USDC' }];
/** Shorts next to longs, and positions with ids next to each other and next to none, in the same symbols. */
const ALL_BOOKS: readonly Book[] = [
  ...SPOT_BOOKS,
  { symbol: 'A-USD', position_side: 'short' },
  { symbol: 'A-USD', position_id: '1' },
  { symbol: 'B-USDT', position_id: '2', position_side: 'short' },
  { symbol: 'c/USDC:USDC', position_id: '3', position_side: 'net' },
];

/** One seed, and those that have failed once. `RANDOM_HISTORIES=2000 npx vitest run random-histories` runs more. */
const SEEDS = process.env.RANDOM_HISTORIES
  ? Array.from({ length: Number(process.env.RANDOM_HISTORIES) }, (_, i) => 100 + i)
  : [100, 285, 457, 615, 1362, 1965];

/** A random history with difficult cases: many fills at one instant, unmatched sells, orders with several fills, ids that sort
 *  differently by bytes. With `coarse`, fees divide into few digits, so that every piece can be compared exactly. */
function history(
  seed: number,
  { length, coarse, books = SPOT_BOOKS }: { length: number; coarse: boolean; books?: readonly Book[] },
): SlowFill[] {
  const random = randomFrom(seed);
  const digits = (n: number) => Array.from({ length: n }, () => random(10)).join('');
  const size = () =>
    (coarse
      ? ['0.25', '0.5', '1', '2', '4', '5', '8', '2.50'][random(8)]
      : `${random(30)}.${digits(1 + random(19))}1`) as string;
  const price = () => (coarse ? `${1 + random(50)}.${digits(2)}` : `${random(4) * 1000}.${digits(1 + random(19))}1`);
  const sign = () => (books !== SPOT_BOOKS && random(5) === 0 ? '-' : '');
  const fee = () =>
    random(8) === 0 ? null : coarse ? `${sign()}0.${digits(2)}` : `${sign()}${random(2)}.${digits(1 + random(20))}`;
  return Array.from({ length }, (_, i): SlowFill => {
    const book = books[random(books.length)] as Book;
    const { symbol, position_id = '' } = book;
    const side = random(9) < 5 ? 'buy' : 'sell';
    const minute = random(length);
    return {
      fill_id: `${['x', 'X', 'é', '_'][random(4)]}${i}`,
      order_id: `${side}-${symbol}-${position_id}${random(3) === 0 ? random(length) : `own${i}`}`,
      ...book,
      side,
      price: price(),
      size: size(),
      fee_usd: fee(),
      filled_at: `${at(minute).slice(0, 20)}00000${random(2)}Z`,
      source: random(12) === 0 ? 'manual' : 'bot',
    };
  });
}

describe('random histories, shuffled, in batches and partly twice, against the reference FIFO', () => {
  test.each([1, 2, 3, 4])('of 60 fills with exact shares of fees, seed %i', async (seed) => {
    const bot_id = bot();
    const fills = history(seed, { length: 60, coarse: true });
    await postInDisorder(bot_id, fills, seed);
    await expectAllocationsOf(service, bot_id, fills);
  });

  test.each([11, 12, 13])('of 90 fills with 20 digits, to 1e-12, seed %i', async (seed) => {
    const bot_id = bot();
    const fills = history(seed, { length: 90, coarse: false });
    await postInDisorder(bot_id, fills, seed);
    await expectAllocationsOf(service, bot_id, fills);
  });

  test.each(SEEDS)(
    'of 70 fills in seven books, long, short, net and with positions, seed %i, exactly',
    async (seed) => {
      const bot_id = bot();
      const fills = history(seed, { length: 70, coarse: true, books: ALL_BOOKS });
      await postInDisorder(bot_id, fills, seed);
      await expectAllocationsOf(service, bot_id, fills);
    },
  );

  test.each([21, 22])('under three snapshots, compared trade by trade, seed %i', async (seed) => {
    const bot_id = bot();
    const fills = history(seed, { length: 120, coarse: true }).map((each) => ({ ...each, source: 'bot' }));
    const starts = [at(20), at(50), at(90)];
    const ids = new Map<string, string>();
    for (const start of starts) {
      const { body } = await service.call('POST /snapshots', {
        body: { bot_id, config: { start }, active_from: start },
      });
      ids.set(start, body.snapshot_id);
    }
    await postInDisorder(bot_id, fills, seed);

    const first = (order: string) =>
      fills
        .filter(({ order_id }) => order_id === order)
        .reduce((min, { filled_at }) => (filled_at < min ? filled_at : min), 'z');
    const entryOf = (order: string) => starts.findLast((start) => start <= first(order)) ?? null;
    await expectTradesOf(
      service,
      bot_id,
      slowTrades(fills, slowFifo(fills).allocations, entryOf),
      (start) => ids.get(start) ?? '',
    );
  });

  test('in concurrent, overlapping batches of two bots', async () => {
    const bots = [bot(), bot()];
    const fills = history(41, { length: 80, coarse: true });
    const batches = inBatches([...fills, ...fills.slice(10, 50)], 15);
    const replies = await Promise.all(batches.flatMap((batch) => bots.map((bot_id) => post(bot_id, batch))));
    expect(replies.reduce((n, { accepted }) => n + accepted, 0)).toBe(2 * fills.length);
    expect(replies.reduce((n, { duplicates }) => n + duplicates, 0)).toBe(2 * 40);
    for (const bot_id of bots) await expectAllocationsOf(service, bot_id, fills);
  });

  test('sent one at a time, newest first, are matched as when sent all at once', async () => {
    const [one, all] = [bot(), bot()];
    const fills = history(31, { length: 30, coarse: false });
    for (const each of fills.toSorted((a, b) => (a.filled_at < b.filled_at ? 1 : -1))) await post(one, [each]);
    await post(all, fills);

    const rows = (bot_id: string) =>
      service.sql(
        'SELECT closing_fill_id, opening_fill_id, trim_scale(size) AS size, round(pnl_usd, 18) AS pnl_usd FROM allocations WHERE bot_id = $1 ORDER BY 1, 2',
        [bot_id],
      );
    expect((await rows(one)).length).toBeGreaterThan(10);
    expect(await rows(one)).toEqual(await rows(all));
    await expectAllocationsOf(service, one, fills);
  });
});

/** Posts batches of 1 to 20 fills in random order: a third of the fills twice, and some first without their fee. */
async function postInDisorder(bot_id: string, fills: readonly SlowFill[], seed: number): Promise<void> {
  const random = randomFrom(seed * 1000);
  const twice = fills.filter(() => random(3) === 0);
  const feeLater = new Set(fills.filter(({ fee_usd }) => fee_usd && random(6) === 0));
  const first = shuffled([...fills, ...twice], random).map((each) =>
    feeLater.has(each) ? { ...each, fee_usd: null } : each,
  );
  const counted = { accepted: 0, updated: 0, duplicates: 0 };
  for (const batch of inBatches([...first, ...shuffled([...feeLater], random)], 1 + random(20))) {
    const { accepted, updated, duplicates, rejected } = await post(bot_id, batch);
    expect(rejected).toEqual([]);
    counted.accepted += accepted;
    counted.updated += updated;
    counted.duplicates += duplicates;
  }
  expect(counted).toEqual({ accepted: fills.length, updated: feeLater.size, duplicates: twice.length });
}
