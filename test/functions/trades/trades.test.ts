import { beforeAll, describe, expect, test } from 'vitest';
import { tradesOf } from '../../support/matching.ts';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const at = (minute: number) => new Date(Date.UTC(2026, 1, 3) + minute * 60_000).toISOString().replace('.000', '');

async function posted(route: string, body: unknown) {
  const reply = await service.call(route, { body });
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
  return reply.body;
}

interface Leg {
  readonly minute: number;
  readonly more?: object;
}

/** A round trip: a buy and a sell of one coin, in a separate symbol. */
async function roundTrip(bot_id: string, name: string, buy: Leg, sell: Leg): Promise<void> {
  const leg = (side: string, price: string, { minute, more }: Leg) => ({
    bot_id,
    fill_id: `${name}-${side}`,
    order_id: `${name}-${side}`,
    symbol: `${name}-USD`,
    side,
    price,
    size: '1',
    filled_at: at(minute),
    ...more,
  });
  await posted('POST /fills', [leg('buy', '10', buy), leg('sell', '11', sell)]);
}

const snapshot = async (bot_id: string, minute: number, config: object = { minute }) =>
  (await posted('POST /snapshots', { bot_id, config, active_from: at(minute) })).snapshot_id as string;
const orderOf = async (bot_id: string, order_id: string) =>
  (
    await service.sql('SELECT attribution, snapshot_id FROM orders WHERE bot_id = $1 AND order_id = $2', [
      bot_id,
      order_id,
    ])
  )[0];
const tradeOf = async (bot_id: string, name: string) => (await tradesOf(service, { bot_id, symbol: `${name}-USD` }))[0];

describe('an order is attributed', () => {
  test('to the snapshot that was active when it was placed, or else first filled', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, 0);
    const second = await snapshot(bot_id, 60);
    await roundTrip(bot_id, 'PLACED', { minute: 61, more: { placed_at: at(59) } }, { minute: 62 });
    expect(await orderOf(bot_id, 'PLACED-buy')).toEqual({ attribution: 'time', snapshot_id: first });
    expect(await orderOf(bot_id, 'PLACED-sell')).toEqual({ attribution: 'time', snapshot_id: second });
    expect(await tradeOf(bot_id, 'PLACED')).toMatchObject({
      attribution: 'time',
      entry_snapshot_id: first,
      exit_snapshot_id: second,
    });
  });

  test('to a snapshot from the microsecond at which it starts', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, 0);
    const second = await snapshot(bot_id, 60);
    await roundTrip(bot_id, 'EDGE', { minute: 60 }, { minute: 62 });
    await roundTrip(
      bot_id,
      'BEFORE',
      { minute: 60, more: { filled_at: '2026-02-03T00:59:59.999999Z' } },
      { minute: 62 },
    );
    expect(await orderOf(bot_id, 'EDGE-buy')).toEqual({ attribution: 'time', snapshot_id: second });
    expect(await orderOf(bot_id, 'BEFORE-buy')).toEqual({ attribution: 'time', snapshot_id: first });
  });

  test('to no snapshot before the first one', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 60);
    await roundTrip(bot_id, 'EARLY', { minute: 1 }, { minute: 61 });
    expect(await orderOf(bot_id, 'EARLY-buy')).toEqual({ attribution: 'none', snapshot_id: null });
    expect(await tradeOf(bot_id, 'EARLY')).toMatchObject({ attribution: 'none', entry_snapshot_id: null });
  });

  test('as manual regardless of links and times, and its trade is manual if either leg is', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 0);
    await posted('POST /trade-links', { bot_id, order_id: 'HAND-sell' });
    await roundTrip(bot_id, 'HAND', { minute: 1 }, { minute: 2, more: { source: 'manual' } });
    expect(await orderOf(bot_id, 'HAND-sell')).toEqual({ attribution: 'manual', snapshot_id: null });
    expect(await tradeOf(bot_id, 'HAND')).toMatchObject({ attribution: 'manual', pnl_usd: 1 });
  });

  test('as manual, and so is its trade, when its source is sent later', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 0);
    await roundTrip(bot_id, 'LATE', { minute: 1 }, { minute: 2 });
    expect(await tradeOf(bot_id, 'LATE')).toMatchObject({ attribution: 'time' });
    await roundTrip(bot_id, 'LATE', { minute: 1, more: { source: 'manual' } }, { minute: 2 });
    expect(await orderOf(bot_id, 'LATE-buy')).toEqual({ attribution: 'manual', snapshot_id: null });
    expect(await tradeOf(bot_id, 'LATE')).toMatchObject({ attribution: 'manual' });
  });

  test('by its link, and a trade is linked when all its entry orders are', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 0);
    await posted('POST /trade-links', { bot_id, order_id: 'L-buy', signal_time: at(1) });
    await roundTrip(bot_id, 'L', { minute: 1 }, { minute: 9 });
    expect(await tradeOf(bot_id, 'L')).toMatchObject({ attribution: 'link' });

    // A second entry order, without a link, sold together with the first: the trade is attributed by time.
    await posted('POST /fills', [
      {
        bot_id,
        fill_id: 'm1',
        order_id: 'linked',
        symbol: 'M-USD',
        side: 'buy',
        price: '1',
        size: '1',
        filled_at: at(1),
      },
      {
        bot_id,
        fill_id: 'm2',
        order_id: 'unlinked',
        symbol: 'M-USD',
        side: 'buy',
        price: '1',
        size: '1',
        filled_at: at(2),
      },
      {
        bot_id,
        fill_id: 'm3',
        order_id: 'out',
        symbol: 'M-USD',
        side: 'sell',
        price: '2',
        size: '2',
        filled_at: at(3),
      },
    ]);
    await posted('POST /trade-links', { bot_id, order_id: 'linked', signal_time: at(1) });
    expect(await tradeOf(bot_id, 'M')).toMatchObject({ attribution: 'time', size: 2 });
    await posted('POST /trade-links', { bot_id, order_id: 'unlinked', signal_time: at(1) });
    expect(await tradeOf(bot_id, 'M')).toMatchObject({ attribution: 'link' });
  });

  test('again when a backdated snapshot arrives', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, 0);
    await roundTrip(bot_id, 'MOVED', { minute: 100 }, { minute: 200 });
    await roundTrip(bot_id, 'KEPT', { minute: 10 }, { minute: 200 });
    expect(await tradeOf(bot_id, 'MOVED')).toMatchObject({ entry_snapshot_id: first, exit_snapshot_id: first });

    const second = await snapshot(bot_id, 50);
    expect(await tradeOf(bot_id, 'MOVED')).toMatchObject({
      entry_snapshot_id: second,
      exit_snapshot_id: second,
      attribution: 'time',
    });
    expect(await tradeOf(bot_id, 'KEPT')).toMatchObject({ entry_snapshot_id: first, exit_snapshot_id: second });
    expect((await tradesOf(service, { bot_id, snapshot_id: first })).map(({ symbol }) => symbol)).toEqual(['KEPT-USD']);
  });

  test('again when a period is imported before the first snapshot', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 1000);
    await roundTrip(bot_id, 'OLD', { minute: 10 }, { minute: 20 });
    const imported = await posted('POST /snapshots', {
      bot_id,
      config: { old: true },
      active_from: at(0),
      active_until: at(15),
    });
    expect(await orderOf(bot_id, 'OLD-buy')).toEqual({ attribution: 'time', snapshot_id: imported.snapshot_id });
    expect(await orderOf(bot_id, 'OLD-sell')).toEqual({ attribution: 'none', snapshot_id: null });
  });

  test('with the symbol and side of its first fill, even if that fill arrives last', async () => {
    const bot_id = bot();
    const part = (fill_id: string, minute: number, side: string) => ({
      bot_id,
      fill_id,
      order_id: 'odd',
      symbol: 'ODD-USD',
      side,
      price: '1',
      size: '1',
      filled_at: at(minute),
    });
    await posted('POST /fills', part('late', 5, 'sell'));
    await posted('POST /fills', part('early', 4, 'buy'));
    expect(
      await service.sql("SELECT side, first_filled_at::text FROM orders WHERE bot_id = $1 AND order_id = 'odd'", [
        bot_id,
      ]),
    ).toMatchObject([{ side: 'buy' }]);
  });
});

describe('the list of trades', () => {
  const bot_id = bot();
  let snapshots: string[];
  beforeAll(async () => {
    snapshots = [await snapshot(bot_id, 0), await snapshot(bot_id, 100)];
    for (let i = 0; i < 7; i++)
      await roundTrip(bot_id, `T${i}`, { minute: i < 4 ? 10 + i : 110 + i }, { minute: 200 + i });
    await posted('POST /trade-links', { bot_id, order_id: 'T3-sell', trigger: 'TAKE_PROFIT', exit_reason: 'target' });
  });
  const symbols = async (query: Record<string, string | number>) =>
    (await tradesOf(service, { bot_id, ...query })).map(({ symbol }) => symbol.slice(0, 2));

  test('is sorted newest first, and a small limit pages through all of it', async () => {
    expect(await symbols({})).toEqual(['T6', 'T5', 'T4', 'T3', 'T2', 'T1', 'T0']);
    expect(await symbols({ limit: 2 })).toEqual(['T6', 'T5', 'T4', 'T3', 'T2', 'T1', 'T0']);
    const { body } = await service.call('GET /trades', { query: { bot_id, limit: 7 } });
    expect(body.next_cursor).toBeNull();
  });

  test('pages through many trades that closed at the same instant', async () => {
    const same = bot();
    for (let i = 0; i < 5; i++) await roundTrip(same, `S${i}`, { minute: 1 }, { minute: 2 });
    const all = await tradesOf(service, { bot_id: same, limit: 1 });
    expect(all.map(({ order_id }) => order_id)).toEqual(['S4-sell', 'S3-sell', 'S2-sell', 'S1-sell', 'S0-sell']);
  });

  test('is filtered by entry snapshot and by symbol', async () => {
    expect(await symbols({ snapshot_id: snapshots[0] ?? '' })).toEqual(['T3', 'T2', 'T1', 'T0']);
    expect(await symbols({ snapshot_id: snapshots[1] ?? '', limit: 1 })).toEqual(['T6', 'T5', 'T4']);
    expect(await symbols({ symbol: 'T2-USD' })).toEqual(['T2']);
    expect(await symbols({ symbol: 'NONE-USD' })).toEqual([]);
  });

  test('includes from and excludes to', async () => {
    expect(await symbols({ from: at(202), to: at(204) })).toEqual(['T3', 'T2']);
    expect(await symbols({ from: at(206) })).toEqual(['T6']);
    expect(await symbols({ to: '2026-02-03T04:20:00.000001+01:00' })).toEqual(['T0']);
  });

  test('includes the trigger and the reason of the exit order', async () => {
    expect(await tradesOf(service, { bot_id, symbol: 'T3-USD' })).toMatchObject([
      { trigger_type: 'take_profit', exit_reason: 'target' },
    ]);
    expect(await tradesOf(service, { bot_id, symbol: 'T2-USD' })).toMatchObject([
      { trigger_type: null, exit_reason: null },
    ]);
  });

  test('is empty for an unknown bot', async () => {
    expect((await service.call('GET /trades', { query: { bot_id: bot() } })).body).toEqual({
      trades: [],
      next_cursor: null,
    });
  });
});
