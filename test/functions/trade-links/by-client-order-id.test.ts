import { describe, expect, test } from 'vitest';
import { bot, startLinking } from './linking.ts';

const { service, post, linkOf, snapshot, fill, orderOf } = await startLinking();

describe('a link by client order id', () => {
  test('finds the order with that id, whichever comes first', async () => {
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

  test('finds its order once the order’s client id is filled in', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 0);
    await post({ bot_id, client_order_id: 'c' });
    await fill(bot_id, 'o', 5);
    expect(await orderOf(bot_id, 'o')).toMatchObject({ attribution: 'time' });
    await fill(bot_id, 'o', 5, { client_order_id: 'c' });
    expect(await orderOf(bot_id, 'o')).toMatchObject({ attribution: 'link' });
  });

  test('links no order when two have the id, even if the second comes later', async () => {
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

  test('is unchanged when it is repeated, even if another link and another order have the client id by then', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 0);
    await fill(bot_id, 'o1', 5, { client_order_id: 'c' });
    await post({ bot_id, client_order_id: 'c', buy_score: 1 });
    await post({ bot_id, order_id: 'o2', client_order_id: 'c' });
    await fill(bot_id, 'o2', 6, { client_order_id: 'c' });
    expect(
      (
        await post([
          { bot_id, client_order_id: 'c' },
          { bot_id, order_id: 'o3' },
        ])
      ).body,
    ).toMatchObject({
      created: 1,
      unchanged: 1,
      rejected: [],
    });
    expect((await post({ bot_id, client_order_id: 'c', buy_score: 1 })).body).toMatchObject({ unchanged: 1 });
  });

  test('stays one link when its order id is given later', async () => {
    const bot_id = bot();
    await snapshot(bot_id, 0);
    await post({ bot_id, client_order_id: 'c', buy_score: 1 });
    expect((await post({ bot_id, order_id: 'o', client_order_id: 'c', sell_score: 2 })).body).toMatchObject({
      created: 0,
      updated: 1,
    });
    expect((await linkOf(bot_id, 'o')).body).toMatchObject({ client_order_id: 'c', buy_score: 1, sell_score: 2 });
  });

  test('fills in an existing link that was made by order id', async () => {
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

  test('fills in the link of an order that is already linked by its id', async () => {
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

  test('applies only to orders of the same bot', async () => {
    const [one, other] = [bot(), bot()];
    await snapshot(one, 0);
    await post({ bot_id: other, client_order_id: 'c' });
    await fill(one, 'o', 5, { client_order_id: 'c' });
    expect(await orderOf(one, 'o')).toMatchObject({ attribution: 'time' });
  });
});

describe('one order has one link', () => {
  test('even if it was linked by client id and by order id before a fill with both', async () => {
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
