import { describe, expect, test } from 'vitest';
import { at, bot, startLinking } from './linking.ts';

const { service, post, linkOf, snapshot, fill, orderOf } = await startLinking();

describe('a link is created', () => {
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

  test('for its own order, and for no other order of the symbol', async () => {
    const bot_id = bot();
    const snapshot_id = await snapshot(bot_id, 0);
    await fill(bot_id, 'one', 5);
    await fill(bot_id, 'other', 6);
    await post({ bot_id, order_id: 'one' });
    expect(await orderOf(bot_id, 'other')).toEqual({ attribution: 'time', snapshot_id });
  });

  test('in batches, where invalid links do not affect valid ones', async () => {
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

  test('never when all are invalid (400), the array is empty (400), or it has 501 links (413)', async () => {
    const bot_id = bot();
    const { status, body } = await post([{ bot_id, order_id: 'a', snapshot_id: 999_999_999 }]);
    expect({ status, rejected: body.rejected }).toMatchObject({ status: 400, rejected: [{ index: 0, id: 'a' }] });
    expect((await post([])).status).toBe(400);
    expect((await post(Array.from({ length: 501 }, (_, i) => ({ bot_id, order_id: `${i}` })))).status).toBe(413);
    expect((await linkOf(bot_id, 'a')).status).toBe(404);
  });

  test('never with another bot’s snapshot', async () => {
    const [bot_id, other] = [bot(), bot()];
    const snapshot_id = await snapshot(other, 0);
    expect((await post({ bot_id, order_id: 'o', snapshot_id })).status).toBe(400);
  });

  test('never for a signal more than 5 minutes in the future', async () => {
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

describe('the data of a link', () => {
  const stored = async (link: object) => {
    const bot_id = bot();
    expect((await post({ bot_id, order_id: 'o', ...link })).status).toBe(200);
    return (await linkOf(bot_id, 'o')).body;
  };

  test('is returned unchanged', async () => {
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

  test('is accepted in the bot’s own format', async () => {
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

  test('includes a count of positive contributions only when indicators_fired is not given', async () => {
    expect(await stored({ indicator_breakdown: { a: 1, b: 0.1, c: 0, d: -3 } })).toMatchObject({ indicators_fired: 2 });
    expect(await stored({ indicator_breakdown: { a: { contribution: 1 }, b: { contribution: -1 } } })).toMatchObject({
      indicators_fired: 1,
    });
    expect(await stored({ indicator_breakdown: { a: 1 }, indicators_fired: 0 })).toMatchObject({ indicators_fired: 0 });
    expect(await stored({})).toMatchObject({ indicators_fired: null });
  });

  test('of an unknown order is a 404', async () => {
    expect((await linkOf(bot(), 'o')).status).toBe(404);
  });

  test('is found under an id that needs encoding', async () => {
    const bot_id = bot();
    await post({ bot_id, order_id: 'a/b %é?#' });
    expect((await linkOf(bot_id, 'a/b %é?#')).body.order_id).toBe('a/b %é?#');
  });
});

describe('a second post of a link', () => {
  test('with the same data is unchanged', async () => {
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

  test('fills in nulls', async () => {
    const bot_id = bot();
    await post({ bot_id, order_id: 'o', buy_score: 1 });
    expect((await post({ bot_id, order_id: 'o', sell_score: 2, exit_reason: 'stop' })).body).toMatchObject({
      updated: 1,
      results: [{ conflicts: [] }],
    });
    expect((await linkOf(bot_id, 'o')).body).toMatchObject({ buy_score: 1, sell_score: 2, exit_reason: 'stop' });
  });

  test('overwrites nothing and lists the conflicts', async () => {
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

  test('can set the snapshot once, and not again', async () => {
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

  test('is otherwise the one active at its arrival, or at the first fill if that turns out to be earlier', async () => {
    const bot_id = bot();
    const [first, second] = [await snapshot(bot_id, 0), await snapshot(bot_id, 60)];
    expect((await post({ bot_id, order_id: 'o' })).body.results[0].snapshot_id).toBe(second);
    await fill(bot_id, 'o', 70);
    expect((await linkOf(bot_id, 'o')).body.snapshot_id).toBe(second);
    await fill(bot_id, 'o', 30);
    expect((await linkOf(bot_id, 'o')).body.snapshot_id).toBe(first);
    expect(await orderOf(bot_id, 'o')).toEqual({ attribution: 'link', snapshot_id: first });
  });

  test('is the one active at the first fill when the link comes later', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, 0);
    await fill(bot_id, 'o', 30);
    await snapshot(bot_id, 60);
    expect((await post({ bot_id, order_id: 'o' })).body.results[0].snapshot_id).toBe(first);
  });

  test('is determined again when a backdated snapshot arrives, unless it was given', async () => {
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

  test('is null before the first snapshot, and determined when one arrives', async () => {
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

  test('is fixed once a later link gives it', async () => {
    const bot_id = bot();
    const first = await snapshot(bot_id, 0);
    await post({ bot_id, order_id: 'o', signal_time: at(50) });
    await post({ bot_id, order_id: 'o', snapshot_id: first });
    await snapshot(bot_id, 40);
    expect((await linkOf(bot_id, 'o')).body.snapshot_id).toBe(first);
  });

  test('is kept when a repeated link does not give it', async () => {
    const bot_id = bot();
    const [first] = [await snapshot(bot_id, 0), await snapshot(bot_id, 60)];
    await post({ bot_id, order_id: 'o', snapshot_id: first });
    await post({ bot_id, order_id: 'o', buy_score: 1 });
    await fill(bot_id, 'o', 70);
    expect(await orderOf(bot_id, 'o')).toEqual({ attribution: 'link', snapshot_id: first });
  });
});

test('a default that was counted from a breakdown causes no conflict', async () => {
  const bot_id = bot();
  await post({ bot_id, order_id: 'o', indicators_fired: 5 });
  const { body } = await post({ bot_id, order_id: 'o', indicator_breakdown: { rsi: 1 } });
  expect(body.results).toMatchObject([{ status: 'updated', conflicts: [] }]);
  expect((await linkOf(bot_id, 'o')).body).toMatchObject({ indicators_fired: 5, indicator_breakdown: { rsi: 1 } });
});

test('a repeated link marks no day', async () => {
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
