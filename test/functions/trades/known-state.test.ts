import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { expectAllocationsOf, randomFrom } from '../../support/matching.ts';
import { startService } from '../../support/service.ts';
import type { SlowFill } from '../../support/slow-fifo.ts';

/** So low that the first fills of a book are read alone. */
vi.mock('../../../functions/thresholds.ts', async (original) => {
  const actual = await original<typeof import('../../../functions/thresholds.ts')>();
  return { ...actual, thresholds: { ...actual.thresholds, match_at_once: 40 } };
});

const service = await startService();

let statements: string[] = [];
const { send } = RDSDataClient.prototype;
RDSDataClient.prototype.send = function (this: RDSDataClient, ...args: unknown[]) {
  const { input } = args[0] as { input: { sql?: string } };
  statements.push(/\b(matching_state|write_matching)\(/.exec(input.sql ?? '')?.[1] ?? 'other');
  return Reflect.apply(send, this, args);
} as typeof send;
afterAll(() => Reflect.deleteProperty(RDSDataClient.prototype, 'send'));

/** The statements of a request. */
async function statementsOf(bot_id: string, ...fills: readonly object[]): Promise<string[]> {
  statements = [];
  const { status, body } = await service.call('POST /fills', { body: fills.map((fill) => ({ bot_id, ...fill })) });
  expect(status, JSON.stringify(body)).toBe(200);
  return statements;
}

const at = (second: number) => new Date(1_770_000_000_000 + second * 1000).toISOString().replace('Z', '000Z');
const fill = (n: number, side: 'buy' | 'sell', more: Partial<SlowFill> = {}): SlowFill => ({
  fill_id: `f${n}`,
  order_id: `o${n}`,
  symbol: 'A-USD',
  side,
  price: '10',
  size: '1',
  fee_usd: '0.1',
  filled_at: at(n),
  ...more,
});
const bot = () => `bot-${crypto.randomUUID()}`;

describe('a fill that comes after all others of its book', () => {
  test('takes one statement, also when it closes lots or belongs to a known order', async () => {
    const bot_id = bot();
    const fills = [
      fill(1, 'buy', { size: '3' }),
      fill(2, 'sell'),
      fill(3, 'sell', { order_id: 'o2' }),
      fill(4, 'sell', { size: '2' }),
    ];
    expect(await statementsOf(bot_id, fills[0] ?? {})).toEqual(['matching_state', 'write_matching']);
    for (const each of fills.slice(1)) expect(await statementsOf(bot_id, each)).toEqual(['write_matching']);
    await expectAllocationsOf(service, bot_id, fills);
  });

  test.each<[string, SlowFill]>([
    ['is late', fill(1, 'buy')],
    ['is known', fill(2, 'buy')],
    ['belongs to an order that another process has stored', fill(9, 'buy', { order_id: 'theirs' })],
  ])('takes the others again if it %s', async (_, next) => {
    const bot_id = bot();
    await statementsOf(bot_id, fill(2, 'buy'));
    await service.sql(
      "INSERT INTO orders (book_id, first_filled_at, last_filled_at, bot_id, order_id, symbol, side) SELECT book_id, $2, $2, bot_id, 'theirs', symbol, 'buy' FROM books WHERE bot_id = $1",
      [bot_id, at(3)],
    );
    const sent = await statementsOf(bot_id, next);
    expect(sent).toContain('matching_state');
    expect(await service.sql('SELECT count(*)::integer AS fills FROM fills WHERE bot_id = $1', [bot_id])).toEqual([
      { fills: next.fill_id === 'f2' ? 1 : 2 },
    ]);
  });

  test('takes the others again if another process has written in the meantime', async () => {
    const bot_id = bot();
    await statementsOf(bot_id, fill(1, 'buy'));
    await service.sql('UPDATE bots SET matching_version = new_matching_version() WHERE bot_id = $1', [bot_id]);
    expect(await statementsOf(bot_id, fill(2, 'buy'))).toEqual(['write_matching', 'matching_state', 'write_matching']);
  });

  test('is not stored if a fill with its id was voided', async () => {
    const bot_id = bot();
    await statementsOf(bot_id, fill(1, 'buy'));
    await statementsOf(bot_id, fill(2, 'buy'));
    const voided = { bot_id, fill_id: 'f1', void: true, reason: 'busted' };
    expect((await service.call('POST /fills/corrections', { body: voided })).status).toBe(200);
    await statementsOf(bot_id, fill(3, 'buy'));
    const again = { bot_id, ...fill(4, 'buy', { fill_id: 'f1' }) };
    expect((await service.call('POST /fills', { body: again })).status).toBe(400);
    await expectAllocationsOf(service, bot_id, [fill(2, 'buy'), fill(3, 'buy')]);
  });
});

describe('random histories, sent a few at a time and mostly in order, against the reference FIFO', () => {
  test.each([1, 2, 3, 4, 5, 6])('seed %i', async (seed) => {
    const random = randomFrom(seed + 7000);
    const bot_id = bot();
    const sides = ['long', 'short', 'net'] as const;
    const fills = Array.from({ length: 120 }, (_, n): SlowFill => {
      const book = random(3);
      return fill(n, random(2) ? 'buy' : 'sell', {
        order_id: `o${Math.floor(n / 3)}-${book}`,
        symbol: `${'ABC'[book]}-USD`,
        position_side: sides[book] ?? 'long',
        size: ['0.5', '1', '2', '4'][random(4)] ?? '1',
        fee_usd: `0.${random(10)}`,
        filled_at: at(n - (random(20) === 0 ? random(90) : 0)),
      });
    });
    const waiting = [...fills];
    while (waiting.length > 0) {
      if (random(25) === 0)
        await service.sql('UPDATE bots SET matching_version = new_matching_version() WHERE bot_id = $1', [bot_id]);
      const next = waiting.splice(random(10) === 0 ? random(waiting.length) : 0, 1 + random(3));
      await statementsOf(bot_id, ...next, ...(random(8) === 0 ? next : []));
    }
    await expectAllocationsOf(service, bot_id, fills);
  });
});
