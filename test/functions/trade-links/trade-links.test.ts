import { describe, expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const at = (minute: number) => new Date(Date.UTC(2026, 1, 3) + minute * 60_000).toISOString().replace('.000', '');
const post = (body: unknown) => service.call('POST /trade-links', { body });
const linkOf = (bot_id: string, order_id: string) =>
  service.call('GET /trade-links/{order_id}', { path: { order_id }, query: { bot_id } });

async function snapshot(bot_id: string, minute: number): Promise<number> {
  const { status, body } = await service.call('POST /snapshots', {
    body: { bot_id, config: { minute }, active_from: at(minute) },
  });
  expect(status).toBe(201);
  return body.snapshot_id;
}

async function fill(bot_id: string, order_id: string, minute: number, more: object = {}): Promise<void> {
  const body = {
    bot_id,
    fill_id: `${order_id}-${minute}`,
    order_id,
    symbol: 'A-USD',
    side: 'buy',
    price: '1',
    size: '1',
    filled_at: at(minute),
    ...more,
  };
  expect((await service.call('POST /fills', { body })).status).toBe(200);
}

const orderOf = async (bot_id: string, order_id: string) =>
  (
    await service.sql('SELECT attribution, snapshot_id::integer FROM orders WHERE bot_id = $1 AND order_id = $2', [
      bot_id,
      order_id,
    ])
  )[0];

describe('a link is made', () => {
  test('before the fills of its order', async () => {
    const bot_id = bot();
    const snapshot_id = await snapshot(bot_id, 0);
    const { status, body } = await post({ bot_id, order_id: 'o', buy_score: '5.5' });
    expect(status).toBe(200);
    expect(body).toEqual({
      created: 1,
      updated: 0,
      unchanged: 0,
      results: [{ order_id: 'o', client_order_id: null, snapshot_id, status: 'created', conflicts: [] }],
      rejected: [],
    });
    await fill(bot_id, 'o', 5);
    expect(await orderOf(bot_id, 'o')).toEqual({ attribution: 'link', snapshot_id });
  });

  test('after the fills of its order', async () => {
    const bot_id = bot();
    const snapshot_id = await snapshot(bot_id, 0);
    await fill(bot_id, 'o', 5);
    expect(await orderOf(bot_id, 'o')).toEqual({ attribution: 'time', snapshot_id });
    await post({ bot_id, order_id: 'o' });
    expect(await orderOf(bot_id, 'o')).toEqual({ attribution: 'link', snapshot_id });
  });

  test('to the order that it names, and to no other of the symbol', async () => {
    const bot_id = bot();
    const snapshot_id = await snapshot(bot_id, 0);
    await fill(bot_id, 'one', 5);
    await fill(bot_id, 'other', 6);
    await post({ bot_id, order_id: 'one' });
    expect(await orderOf(bot_id, 'other')).toEqual({ attribution: 'time', snapshot_id });
  });

  test('for many at once, a bad one blocking no good one', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 0);
    await post({ bot_id, order_id: 'known' });
    const { status, body } = await post([
      { bot_id, order_id: 'a' },
      { bot_id },
      { bot_id, order_id: 'known' },
      { bot_id, order_id: 'b', snapshot_id: 999_999_999 },
      { bot_id, order_id: 'c', buy_score: 'high' },
      { bot_id, order_id: 'known', exit_reason: 'stop' },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
    expect(
      body.results.map(({ order_id, status }: { order_id: string; status: string }) => [order_id, status]),
    ).toEqual([
      ['a', 'created'],
      ['known', 'unchanged'],
      ['known', 'updated'],
    ]);
    expect(body.rejected).toEqual([
      { index: 1, id: null, reason: expect.stringContaining('order_id') },
      { index: 3, id: 'b', reason: expect.stringContaining('snapshot_id') },
      { index: 4, id: 'c', reason: expect.stringContaining('buy_score') },
    ]);
  });

  test('not at all when nothing is acceptable: 400, an empty array 400, 501 of them 413', async () => {
    const bot_id = bot();
    const { status, body } = await post([{ bot_id, order_id: 'a', snapshot_id: 999_999_999 }]);
    expect({ status, rejected: body.rejected }).toMatchObject({ status: 400, rejected: [{ index: 0, id: 'a' }] });
    expect((await post([])).status).toBe(400);
    expect((await post(Array.from({ length: 501 }, (_, i) => ({ bot_id, order_id: `${i}` })))).status).toBe(413);
    expect((await linkOf(bot_id, 'a')).status).toBe(404);
  });

  test('not to another bot’s snapshot', async () => {
    const [bot_id, other] = [bot(), bot()];
    const snapshot_id = await snapshot(other, 0);
    expect((await post({ bot_id, order_id: 'o', snapshot_id })).status).toBe(400);
  });

  test('not for a signal more than 5 minutes in the future', async () => {
    const { status, body } = await post({
      bot_id: bot(),
      order_id: 'o',
      signal_time: new Date(Date.now() + 360_000).toISOString(),
    });
    expect({ status, reason: body.rejected[0].reason }).toEqual({
      status: 400,
      reason: expect.stringContaining('signal_time'),
    });
  });

  test('with 500 in one request', async () => {
    const bot_id = bot();
    const { body } = await post(Array.from({ length: 500 }, (_, i) => ({ bot_id, order_id: `${i}` })));
    expect(body).toMatchObject({ created: 500, rejected: [] });
    expect(body.results.map(({ order_id }: { order_id: string }) => order_id)).toEqual(
      Array.from({ length: 500 }, (_, i) => `${i}`),
    );
  });
});

describe('what a link says', () => {
  const stored = async (link: object) => {
    const bot_id = bot();
    expect((await post({ bot_id, order_id: 'o', ...link })).status).toBe(200);
    return (await linkOf(bot_id, 'o')).body;
  };

  test('comes back as it was', async () => {
    const link = {
      buy_score: 5.5,
      sell_score: -2.25,
      trigger_type: 'score',
      exit_reason: 'target reached',
      indicators_fired: 3,
      indicator_breakdown: { rsi: 2.5, roc: -1, macd: 0 },
      signal_time: '2026-02-03T00:00:00.123456Z',
    };
    expect(await stored(link)).toMatchObject({ ...link, order_id: 'o', client_order_id: null, snapshot_id: null });
  });

  test('is taken in the bot’s own form', async () => {
    expect(
      await stored({
        signal_data: {
          Score: { 'Buy Score': 5.5, 'Sell Score': '2.25', Other: 1 },
          trigger: { trigger: 'ROC_MOMO', strength: 2 },
          indicator_breakdown: { rsi: 2.5, roc: 1, macd: 0, boll: -1 },
          more: true,
        },
      }),
    ).toMatchObject({
      buy_score: 5.5,
      sell_score: 2.25,
      trigger_type: 'roc_momo',
      indicators_fired: 2,
      indicator_breakdown: { rsi: 2.5, roc: 1, macd: 0, boll: -1 },
    });
  });

  test.each([
    ['text', { trigger: 'TAKE_PROFIT' }],
    ['an object', { trigger: { trigger: 'Take_Profit' } }],
    ['trigger_type', { trigger_type: 'TAKE_PROFIT' }],
    ['text in signal_data', { signal_data: { trigger: 'TAKE_PROFIT' } }],
  ])('has its trigger in lower case, given as %s', async (_, link) => {
    expect(await stored(link)).toMatchObject({ trigger_type: 'take_profit' });
  });

  test('counts the positive contributions only where nobody said how many fired', async () => {
    expect(await stored({ indicator_breakdown: { a: 1, b: 0.1, c: 0, d: -3 } })).toMatchObject({ indicators_fired: 2 });
    expect(await stored({ indicator_breakdown: { a: { contribution: 1 }, b: { contribution: -1 } } })).toMatchObject({
      indicators_fired: 1,
    });
    expect(await stored({ indicator_breakdown: { a: 1 }, indicators_fired: 0 })).toMatchObject({ indicators_fired: 0 });
    expect(await stored({})).toMatchObject({ indicators_fired: null });
  });

  test('of nobody is a 404', async () => {
    expect((await linkOf(bot(), 'o')).status).toBe(404);
  });

  test('is found under an id that needs encoding', async () => {
    const bot_id = bot();
    await post({ bot_id, order_id: 'a/b %é?#' });
    expect((await linkOf(bot_id, 'a/b %é?#')).body.order_id).toBe('a/b %é?#');
  });
});

describe('a second post of a link', () => {
  test('with the same is unchanged', async () => {
    const link = {
      bot_id: bot(),
      order_id: 'o',
      buy_score: '1.50',
      trigger: 'X',
      indicator_breakdown: { b: 1, a: 2 },
      signal_time: at(1),
    };
    await post(link);
    const again = await post({ ...link, buy_score: 1.5, indicator_breakdown: { a: 2, b: 1 } });
    expect(again.body).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: 1,
      results: [{ status: 'unchanged', conflicts: [] }],
    });
  });

  test('fills in what was null', async () => {
    const bot_id = bot();
    await post({ bot_id, order_id: 'o', buy_score: 1 });
    expect((await post({ bot_id, order_id: 'o', sell_score: 2, exit_reason: 'stop' })).body).toMatchObject({
      updated: 1,
      results: [{ conflicts: [] }],
    });
    expect((await linkOf(bot_id, 'o')).body).toMatchObject({ buy_score: 1, sell_score: 2, exit_reason: 'stop' });
  });

  test('overwrites nothing and lists what differs', async () => {
    const bot_id = bot();
    await post({ bot_id, order_id: 'o', buy_score: 1, trigger: 'a' });
    const { body } = await post({ bot_id, order_id: 'o', buy_score: 2, trigger: 'B', exit_reason: 'x' });
    expect(body.results).toEqual([
      expect.objectContaining({
        status: 'updated',
        conflicts: [
          { field: 'buy_score', stored: 1, given: 2 },
          { field: 'trigger_type', stored: 'a', given: 'b' },
        ],
      }),
    ]);
    expect((await linkOf(bot_id, 'o')).body).toMatchObject({ buy_score: 1, trigger_type: 'a', exit_reason: 'x' });
  });

  test('may fix the snapshot once, and not again', async () => {
    const bot_id = bot();
    const [first, second] = [await snapshot(bot_id, 0), await snapshot(bot_id, 60)];
    await post({ bot_id, order_id: 'o', snapshot_id: first });
    const { body } = await post({ bot_id, order_id: 'o', snapshot_id: second });
    expect(body.results).toMatchObject([
      { snapshot_id: first, status: 'unchanged', conflicts: [{ field: 'snapshot_id', stored: first, given: second }] },
    ]);
  });
});

describe('the snapshot of a link', () => {
  test('is the one active at signal_time', async () => {
    const bot_id = bot();
    const [first, second] = [await snapshot(bot_id, 0), await snapshot(bot_id, 60)];
    expect((await post({ bot_id, order_id: 'a', signal_time: at(59) })).body.results[0].snapshot_id).toBe(first);
    expect((await post({ bot_id, order_id: 'b', signal_time: at(60) })).body.results[0].snapshot_id).toBe(second);
    await fill(bot_id, 'a', 61);
    expect(await orderOf(bot_id, 'a')).toEqual({ attribution: 'link', snapshot_id: first });
  });

  test('is otherwise that of its arrival, and moves to the first fill when that turns out to be earlier', async () => {
    const bot_id = bot();
    const [first, second] = [await snapshot(bot_id, 0), await snapshot(bot_id, 60)];
    expect((await post({ bot_id, order_id: 'o' })).body.results[0].snapshot_id).toBe(second);
    await fill(bot_id, 'o', 70);
    expect((await linkOf(bot_id, 'o')).body.snapshot_id).toBe(second);
    await fill(bot_id, 'o', 30);
    expect((await linkOf(bot_id, 'o')).body.snapshot_id).toBe(first);
    expect(await orderOf(bot_id, 'o')).toEqual({ attribution: 'link', snapshot_id: first });
  });

  test('is that of the first fill when the link comes later', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, 0);
    await fill(bot_id, 'o', 30);
    await snapshot(bot_id, 60);
    expect((await post({ bot_id, order_id: 'o' })).body.results[0].snapshot_id).toBe(first);
  });

  test('is settled again when a backdated snapshot arrives, unless it was given', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, 0);
    for (const order of ['timed', 'given', 'unfilled']) {
      await post({
        bot_id,
        order_id: order,
        signal_time: at(50),
        ...(order === 'given' ? { snapshot_id: first } : {}),
      });
      if (order !== 'unfilled') await fill(bot_id, order, 51);
    }
    const second = await snapshot(bot_id, 40);
    expect(await orderOf(bot_id, 'timed')).toEqual({ attribution: 'link', snapshot_id: second });
    expect(await orderOf(bot_id, 'given')).toEqual({ attribution: 'link', snapshot_id: first });
    expect((await linkOf(bot_id, 'unfilled')).body.snapshot_id).toBe(second);
  });

  test('is null before any, and settled when one arrives', async () => {
    const bot_id = bot();
    expect((await post({ bot_id, order_id: 'o', signal_time: at(50) })).body.results).toMatchObject([
      { status: 'created', snapshot_id: null },
    ]);
    await fill(bot_id, 'o', 51);
    expect(await orderOf(bot_id, 'o')).toEqual({ attribution: 'none', snapshot_id: null });

    const snapshot_id = await snapshot(bot_id, 40);
    expect((await linkOf(bot_id, 'o')).body.snapshot_id).toBe(snapshot_id);
    expect(await orderOf(bot_id, 'o')).toEqual({ attribution: 'link', snapshot_id });
  });

  test('outlives a repeat that says nothing of it', async () => {
    const bot_id = bot();
    const [first] = [await snapshot(bot_id, 0), await snapshot(bot_id, 60)];
    await post({ bot_id, order_id: 'o', snapshot_id: first });
    await post({ bot_id, order_id: 'o', buy_score: 1 });
    await fill(bot_id, 'o', 70);
    expect(await orderOf(bot_id, 'o')).toEqual({ attribution: 'link', snapshot_id: first });
  });
});

describe('a link by client order id', () => {
  test('finds the order that bears it, whichever comes first', async () => {
    const bot_id = bot();
    const snapshot_id = await snapshot(bot_id, 0);
    expect((await post({ bot_id, client_order_id: 'c1', buy_score: 1 })).body.results).toMatchObject([
      { order_id: null, client_order_id: 'c1', status: 'created' },
    ]);
    await fill(bot_id, 'o1', 5, { client_order_id: 'c1' });
    expect(await orderOf(bot_id, 'o1')).toEqual({ attribution: 'link', snapshot_id });
    expect((await linkOf(bot_id, 'o1')).body).toMatchObject({ client_order_id: 'c1', buy_score: 1 });

    await fill(bot_id, 'o2', 5, { client_order_id: 'c2' });
    expect((await post({ bot_id, client_order_id: 'c2' })).body.results).toMatchObject([
      { order_id: 'o2', snapshot_id },
    ]);
    expect(await orderOf(bot_id, 'o2')).toEqual({ attribution: 'link', snapshot_id });
  });

  test('finds its order once the client id is filled in', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 0);
    await post({ bot_id, client_order_id: 'c' });
    await fill(bot_id, 'o', 5);
    expect(await orderOf(bot_id, 'o')).toMatchObject({ attribution: 'time' });
    await fill(bot_id, 'o', 5, { client_order_id: 'c' });
    expect(await orderOf(bot_id, 'o')).toMatchObject({ attribution: 'link' });
  });

  test('on two orders links none, also when the second comes later', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 0);
    await post({ bot_id, client_order_id: 'c' });
    await fill(bot_id, 'o1', 5, { client_order_id: 'c' });
    expect(await orderOf(bot_id, 'o1')).toMatchObject({ attribution: 'link' });
    await fill(bot_id, 'o2', 6, { client_order_id: 'c' });
    expect(await orderOf(bot_id, 'o1')).toMatchObject({ attribution: 'time' });
    expect(await orderOf(bot_id, 'o2')).toMatchObject({ attribution: 'time' });

    await fill(bot_id, 'p1', 5, { client_order_id: 'd' });
    await fill(bot_id, 'p2', 6, { client_order_id: 'd' });
    expect((await post({ bot_id, client_order_id: 'd' })).body.results).toMatchObject([{ order_id: null }]);
    expect(await orderOf(bot_id, 'p1')).toMatchObject({ attribution: 'time' });
  });

  test('that gives the order id later is still one link', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 0);
    await post({ bot_id, client_order_id: 'c', buy_score: 1 });
    expect((await post({ bot_id, order_id: 'o', client_order_id: 'c', sell_score: 2 })).body).toMatchObject({
      created: 0,
      updated: 1,
    });
    expect((await linkOf(bot_id, 'o')).body).toMatchObject({ client_order_id: 'c', buy_score: 1, sell_score: 2 });
  });

  test('of a link that was made by order id fills that one in', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 0);
    await post({ bot_id, order_id: 'o', client_order_id: 'c', buy_score: 1 });
    expect((await post({ bot_id, client_order_id: 'c', sell_score: 2 })).body).toMatchObject({
      created: 0,
      updated: 1,
      results: [{ order_id: 'o' }],
    });
    expect((await linkOf(bot_id, 'o')).body).toMatchObject({ buy_score: 1, sell_score: 2 });
  });

  test('of an order that is linked by its id already fills that link in', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 0);
    await fill(bot_id, 'o', 5, { client_order_id: 'c' });
    await post({ bot_id, order_id: 'o', buy_score: 1 });
    expect((await post({ bot_id, client_order_id: 'c', sell_score: 2 })).body).toMatchObject({
      created: 0,
      updated: 1,
    });
    expect((await linkOf(bot_id, 'o')).body).toMatchObject({ buy_score: 1, sell_score: 2 });
  });

  test('is the bot’s own', async () => {
    const [one, other] = [bot(), bot()];
    await snapshot(one, 0);
    await post({ bot_id: other, client_order_id: 'c' });
    await fill(one, 'o', 5, { client_order_id: 'c' });
    expect(await orderOf(one, 'o')).toMatchObject({ attribution: 'time' });
  });
});

describe('coverage', () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const coverage = async (bot_id: string, query = {}) =>
    (await service.call('GET /coverage', { query: { bot_id, ...query } })).body;

  test('counts the orders of the window by their attribution and source, and what is missing', async () => {
    const bot_id = bot();
    const recent = (order_id: string, more: object = {}) => ({
      bot_id,
      fill_id: order_id,
      order_id,
      symbol: 'A-USD',
      side: 'buy',
      price: '1',
      size: '1',
      fee_usd: '0',
      filled_at: minutesAgo(60),
      source: 'ws',
      ...more,
    });
    await service.call('POST /snapshots', { body: { bot_id, config: {}, active_from: minutesAgo(120) } });
    await service.call('POST /fills', {
      body: [
        recent('linked'),
        recent('linked-too', { source: null, fee_usd: null }),
        recent('timed'),
        recent('early', { filled_at: minutesAgo(180), source: 'rest' }),
        recent('hand', { source: 'manual' }),
        recent('old', { filled_at: minutesAgo(60 * 30) }),
      ],
    });
    await post([
      { bot_id, order_id: 'linked' },
      { bot_id, order_id: 'linked-too' },
      { bot_id, order_id: 'never-filled' },
      { bot_id, client_order_id: 'never-filled-either' },
    ]);

    expect(await coverage(bot_id)).toMatchObject({
      bot_id,
      orders: 5,
      linked: 2,
      by_time: 1,
      none: 1,
      manual: 1,
      link_rate: 50,
      links_without_fills: 2,
      fills_without_fee: 1,
    });
    const { sources } = await coverage(bot_id);
    expect(sources).toHaveLength(4);
    expect(sources).toEqual(
      expect.arrayContaining([
        { source: 'ws', orders: 2, linked: 1, by_time: 1, none: 0, manual: 0 },
        { source: null, orders: 1, linked: 1, by_time: 0, none: 0, manual: 0 },
        { source: 'rest', orders: 1, linked: 0, by_time: 0, none: 1, manual: 0 },
        { source: 'manual', orders: 1, linked: 0, by_time: 0, none: 0, manual: 1 },
      ]),
    );
    expect(await coverage(bot_id, { hours: 1 })).toMatchObject({ orders: 0 });
    expect(await coverage(bot_id, { hours: 48 })).toMatchObject({ orders: 6, none: 2, link_rate: 40 });
  });

  test('has no link rate without orders of a strategy', async () => {
    const bot_id = bot();
    expect(await coverage(bot_id)).toMatchObject({ orders: 0, linked: 0, link_rate: null, sources: [] });
    await fill(bot_id, 'hand', 0, { source: 'manual', filled_at: minutesAgo(5) });
    expect(await coverage(bot_id)).toMatchObject({ orders: 1, manual: 1, link_rate: null });
  });

  test('leaves out an order that was filled before and after the window, and not in it', async () => {
    const bot_id = bot();
    await fill(bot_id, 'o', 1, { filled_at: minutesAgo(600) });
    await fill(bot_id, 'o', 2, { filled_at: minutesAgo(-2) });
    expect(await coverage(bot_id, { hours: 1 })).toMatchObject({ orders: 0 });
  });

  test.each(['0', '8785', 'x', '1.5', '-1'])('of %s hours is a 400', async (hours) => {
    const { status, body } = await service.call('GET /coverage', { query: { hours } });
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path: 'hours' });
  });
});

describe('one order has one link', () => {
  test('also when it was linked by client id and by order id before a fill bore both', async () => {
    const bot_id = bot();
    const snapshot_id = await snapshot(bot_id, 0);
    await post({ bot_id, client_order_id: 'mine', sell_score: '2.5', exit_reason: 'first' });
    await post({ bot_id, order_id: 'theirs', buy_score: '7', exit_reason: 'second' });
    await fill(bot_id, 'theirs', 5, { client_order_id: 'mine' });

    expect((await linkOf(bot_id, 'theirs')).body).toMatchObject({
      client_order_id: 'mine',
      snapshot_id,
      buy_score: 7,
      sell_score: 2.5,
      exit_reason: 'second',
    });
    expect(
      await service.sql('SELECT count(*)::integer AS links FROM trade_strategy_link WHERE bot_id = $1', [bot_id]),
    ).toEqual([{ links: 1 }]);
  });
});

test('a default that was counted from a breakdown contradicts nothing', async () => {
  const bot_id = bot();
  await post({ bot_id, order_id: 'o', indicators_fired: 5 });
  const { body } = await post({ bot_id, order_id: 'o', indicator_breakdown: { rsi: 1 } });
  expect(body.results).toMatchObject([{ status: 'updated', conflicts: [] }]);
  expect((await linkOf(bot_id, 'o')).body).toMatchObject({ indicators_fired: 5, indicator_breakdown: { rsi: 1 } });
});

test('a link that is sent again marks no day', async () => {
  const bot_id = bot();
  await snapshot(bot_id, 0);
  await fill(bot_id, 'unmatched', 5, { side: 'sell' });
  const link = { bot_id, order_id: 'unmatched', signal_time: at(5), buy_score: '1' };
  await post(link);
  const day = { bot_id, from: at(5).slice(0, 10), to: at(5).slice(0, 10) };
  await service.call('POST /summaries', { body: day });
  expect((await post(link)).body).toMatchObject({ unchanged: 1 });
  expect((await service.call('GET /summaries', { query: day })).body.summaries).toMatchObject([
    { unmatched_sells: 1, stale: false },
  ]);
});
