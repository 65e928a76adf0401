import { describe, expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const post = (body: unknown) => service.call('POST /fills', { body });
const fill = (bot_id: string, fill_id: string, more: object = {}) => ({
  bot_id,
  fill_id,
  order_id: `order-of-${fill_id}`,
  symbol: 'BTC-USD',
  side: 'buy',
  price: '100',
  size: '1',
  filled_at: '2026-03-01T10:00:00Z',
  ...more,
});
const stored = (bot_id: string) => service.sql('SELECT * FROM fills WHERE bot_id = $1 ORDER BY fill_id', [bot_id]);
const ahead = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

describe('fills are recorded', () => {
  test('as a single object or as an array', async () => {
    const bot_id = bot();
    expect((await post(fill(bot_id, 'a'))).body).toEqual({
      ...{ accepted: 1, updated: 0, duplicates: 0, rejected: [] },
      ...{ unmatched: [], warnings: [] },
    });
    expect((await post([fill(bot_id, 'b'), fill(bot_id, 'c')])).body).toEqual({
      accepted: 2,
      updated: 0,
      duplicates: 0,
      rejected: [],
      ...{ unmatched: [], warnings: [] },
    });
    expect(await stored(bot_id)).toHaveLength(3);
  });

  test('once: the same fill again is a duplicate, even in another notation', async () => {
    const bot_id = bot();
    await post(
      fill(bot_id, 'a', { price: '4.99e-06', size: '1.50', fee_usd: '0.10', filled_at: '2026-03-01T10:00:00.120Z' }),
    );
    const before = await stored(bot_id);
    const version = () => service.sql('SELECT matching_version FROM bots WHERE bot_id = $1', [bot_id]);
    const matched = await version();
    const again = await post(
      fill(bot_id, 'a', {
        price: '0.00000499',
        size: 1.5,
        fee_usd: 0.1,
        filled_at: '2026-03-01T11:00:00.120000+01:00',
      }),
    );

    expect(again).toMatchObject({ status: 200, body: { accepted: 0, updated: 0, duplicates: 1, rejected: [] } });
    expect(await stored(bot_id)).toEqual(before);
    expect(await version(), 'nothing is written').toEqual(matched);
  });

  test('once when sent twice in one request: the second is a duplicate', async () => {
    const bot_id = bot();
    expect((await post([fill(bot_id, 'a'), fill(bot_id, 'a')])).body).toMatchObject({ accepted: 1, duplicates: 1 });
  });

  test('once: other content for the same id is a conflict that names the stored values', async () => {
    const bot_id = bot();
    await post(fill(bot_id, 'a'));
    const before = await stored(bot_id);
    const others = [
      { price: '101' },
      { size: '2' },
      { side: 'sell' },
      { symbol: 'ETH-USD' },
      { order_id: 'another' },
      { filled_at: '2026-03-01T10:00:00.000001Z' },
    ];
    for (const other of others) {
      const { status, body } = await post(fill(bot_id, 'a', other));
      expect(status).toBe(400);
      expect(body.rejected).toHaveLength(1);
      expect(body.rejected[0]).toMatchObject({
        index: 0,
        id: 'a',
        reason: expect.stringMatching(new RegExp(`^conflict.*${Object.keys(other)[0]}`)),
      });
    }
    expect(await stored(bot_id)).toEqual(before);
  });

  test('and completed later: a fee, source or client order id that was null is set, and an existing one is not overwritten', async () => {
    const bot_id = bot();
    await post(fill(bot_id, 'a'));
    expect((await post(fill(bot_id, 'a', { fee_usd: '0.5' }))).body).toMatchObject({ updated: 1, duplicates: 0 });
    expect((await post(fill(bot_id, 'a', { source: 'websocket', client_order_id: 'c' }))).body).toMatchObject({
      updated: 1,
    });
    expect((await post(fill(bot_id, 'a'))).body).toMatchObject({ duplicates: 1 });
    expect((await post(fill(bot_id, 'a', { fee_usd: '0.6' }))).body.rejected[0].reason).toMatch(/^conflict.*fee_usd/);
    expect(await stored(bot_id)).toMatchObject([{ fee_usd: '0.5', source: 'websocket', client_order_id: 'c' }]);
  });

  test('gets its client order id later, also when its source is known', async () => {
    const bot_id = bot();
    await post(fill(bot_id, 'a', { source: 'websocket', client_order_id: null }));
    expect((await post(fill(bot_id, 'a', { source: 'websocket', client_order_id: 'c' }))).body).toMatchObject({
      updated: 1,
    });
    expect(await stored(bot_id)).toMatchObject([{ source: 'websocket', client_order_id: 'c' }]);
  });

  test('even if another fill of the request is a conflict', async () => {
    const bot_id = bot();
    await post(fill(bot_id, 'a'));
    const { status, body } = await post([fill(bot_id, 'a', { price: '7' }), fill(bot_id, 'b')]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 1, rejected: [{ index: 0, id: 'a' }] });
  });

  test('for several bots in one request', async () => {
    const [one, other] = [bot(), bot()];
    expect((await post([fill(one, 'a'), fill(other, 'a', { price: '5' })])).body).toMatchObject({ accepted: 2 });
    expect(await stored(one)).toHaveLength(1);
    expect(await stored(other)).toMatchObject([{ price: '5' }]);
  });

  test('for the bot `default` when no bot is named', async () => {
    const { bot_id: _, ...anonymous } = fill('', 'of-default');
    await post(anonymous);
    expect(await stored('default')).toMatchObject([{ fill_id: 'of-default' }]);
  });

  test('with times to the microsecond, returned in UTC', async () => {
    const bot_id = bot();
    await post([
      fill(bot_id, 'a', { filled_at: '2026-03-01T12:00:00.123456+02:00' }),
      fill(bot_id, 'b', { side: 'sell', filled_at: '2026-03-01T10:00:00.123457Z' }),
    ]);
    const { trades } = (await service.call('GET /trades', { query: { bot_id } })).body;
    expect(trades).toMatchObject([
      { opened_at: '2026-03-01T10:00:00.123456Z', closed_at: '2026-03-01T10:00:00.123457Z', hold_seconds: 0.000001 },
    ]);
  });
});

describe('fills are rejected', () => {
  test('one by one: the answer has the index, the id and the field of each, and the others are recorded', async () => {
    const bot_id = bot();
    const { status, body } = await post([
      fill(bot_id, 'good'),
      fill(bot_id, 'bad-price', { price: '0' }),
      fill(bot_id, 'bad-side', { side: 'hold' }),
      'nonsense',
      fill(bot_id, 'bad-size', { size: '-1' }),
      fill(bot_id, 'unknown', { colour: 'red' }),
    ]);
    expect(status).toBe(200);
    expect(body.accepted).toBe(1);
    expect(body.rejected.map(({ index, id }: { index: number; id: string }) => [index, id])).toEqual([
      [1, 'bad-price'],
      [2, 'bad-side'],
      [3, null],
      [4, 'bad-size'],
      [5, 'unknown'],
    ]);
    const reasons = body.rejected.map(({ reason }: { reason: string }) => reason);
    expect(reasons).toEqual([
      expect.stringContaining('price'),
      expect.stringContaining('side'),
      expect.any(String),
      expect.stringContaining('size'),
      expect.stringContaining('colour'),
    ]);
    expect(await stored(bot_id)).toMatchObject([{ fill_id: 'good' }]);
  });

  test('with 400 and the same list when all are invalid', async () => {
    const bot_id = bot();
    const { status, headers, body } = await post([
      fill(bot_id, 'a', { price: '-1' }),
      fill(bot_id, 'b', { size: 'x' }),
    ]);
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body.rejected).toMatchObject([
      { index: 0, id: 'a' },
      { index: 1, id: 'b' },
    ]);
    expect(await stored(bot_id)).toEqual([]);
  });

  test('with 200 when the others are duplicates', async () => {
    const bot_id = bot();
    await post(fill(bot_id, 'a'));
    expect(await post([fill(bot_id, 'a'), fill(bot_id, 'b', { price: '0' })])).toMatchObject({
      status: 200,
      body: { duplicates: 1, rejected: [{ id: 'b' }] },
    });
  });

  test('with 400 for an empty array, and with 413 for 1,001 fills', async () => {
    const bot_id = bot();
    expect((await post([])).status).toBe(400);
    expect((await post(Array.from({ length: 1001 }, (_, i) => fill(bot_id, `f${i}`)))).status).toBe(413);
    expect(await stored(bot_id)).toEqual([]);
  });

  test('when they are more than 5 minutes in the future, but not at 4 minutes', async () => {
    const bot_id = bot();
    expect((await post(fill(bot_id, 'a', { filled_at: ahead(240) }))).status).toBe(200);
    const late = await post(fill(bot_id, 'b', { filled_at: ahead(360) }));
    expect(late.status).toBe(400);
    expect(late.body.rejected[0].reason).toContain('filled_at');
    expect((await post(fill(bot_id, 'c', { placed_at: ahead(360) }))).body.rejected[0].reason).toContain('placed_at');
  });

  test.each([
    ['a time without an offset', { filled_at: '2026-03-01T10:00:00' }],
    ['a day that does not exist', { filled_at: '2026-02-30T10:00:00Z' }],
    ['a time that is after the year 9999 in UTC', { filled_at: '9999-12-31T23:59:59-14:00' }],
    ['21 digits before the point', { price: '123456789012345678901' }],
    ['41 digits after the point', { price: `0.${'1'.repeat(41)}` }],
    ['an exponent that would exhaust memory', { price: '1e-9999' }],
    ['NaN as its price', { price: 'NaN' }],
    ['infinity', { price: 'Infinity' }],
    ['a hexadecimal number', { size: '0x10' }],
    ['an empty price', { price: '' }],
    ['a price of 1e400', { price: '1e400' }],
    ['an object as its size', { size: {} }],
    ['a null size', { size: null }],
    ['an empty id', { fill_id: '' }],
    ['an id of 201 characters', { order_id: 'x'.repeat(201) }],
    ['U+0000 in its id', { order_id: 'a\u0000b' }],
    ['half a surrogate pair in its source', { source: '\ud800' }],
    ['a symbol of 65 characters', { symbol: `${'x'.repeat(61)}-USD` }],
    ['an unprintable symbol', { symbol: 'BTC\u0007-USD' }],
    ['an unknown field', { fees: 1 }],
  ])('with %s', async (_, wrong) => {
    const bot_id = bot();
    const { status, body } = await post(fill(bot_id, 'a', wrong));
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { rejected: [{ index: 0, reason: expect.stringContaining(Object.keys(wrong)[0] ?? '') }] },
    });
    expect(await stored(bot_id)).toEqual([]);
  });
});

describe('quotes', () => {
  const pnlOf = async (symbol: string, more: object = {}) => {
    const bot_id = bot();
    const { status, body } = await post([
      fill(bot_id, 'b', { symbol, ...more }),
      fill(bot_id, 's', { symbol, side: 'sell', price: '110', filled_at: '2026-03-01T11:00:00Z', ...more }),
    ]);
    if (status !== 200) return body.rejected[0].reason;
    return (await service.call('GET /trades', { query: { bot_id } })).body.trades[0].pnl_usd;
  };

  test.each(['BTC-USD', 'BTC-USDC', 'BTC/USDT', 'BTC/USDT:USDT', 'btc_usdt'])(
    '%s counts as USD at par',
    async (symbol) => {
      expect(await pnlOf(symbol)).toBe(10);
    },
  );

  test.each(['BTC-EUR', 'ETH/BTC', 'BTC/EUR:EUR', 'USD-EUR'])('%s requires quote_usd', async (symbol) => {
    expect(await pnlOf(symbol)).toContain('quote_usd');
    expect(await pnlOf(symbol, { quote_usd: '1.25' })).toBe(12.5);
  });

  test('a price in another quote is multiplied exactly', async () => {
    const bot_id = bot();
    await post([
      fill(bot_id, 'b', { symbol: 'ETH-BTC', price: '0.03', quote_usd: '60000.01' }),
      fill(bot_id, 's', {
        symbol: 'ETH-BTC',
        side: 'sell',
        price: '0.04',
        quote_usd: '60000.03',
        filled_at: '2026-03-01T11:00:00Z',
      }),
    ]);
    expect(await service.sql('SELECT pnl_usd FROM trades WHERE bot_id = $1', [bot_id])).toEqual([
      { pnl_usd: '600.0009' },
    ]);
  });

  test.each(['0', '-1', 'x'])('a quote_usd of %s is rejected', async (quote_usd) => {
    expect(await pnlOf('BTC-EUR', { quote_usd })).toContain('quote_usd');
  });
});
