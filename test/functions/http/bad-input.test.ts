import { describe, expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const snapshots = (rawBody: string | Buffer, more: object = {}) =>
  service.call('POST /snapshots', { rawBody, ...more });
const rows = async () =>
  (
    await service.sql(
      'SELECT (SELECT count(*) FROM bots) + (SELECT count(*) FROM strategy_snapshots) + (SELECT count(*) FROM fills) + (SELECT count(*) FROM trade_strategy_link) AS n',
    )
  )[0]?.n;

/** Expects a 4xx that names the field, and an unchanged database. */
async function expectRefusal(call: () => ReturnType<typeof service.call>, path: string, status = 400): Promise<void> {
  const before = await rows();
  const reply = await call();
  expect({ status: reply.status, body: reply.body }).toMatchObject({
    status,
    body: { errors: expect.arrayContaining([expect.objectContaining({ path })]) },
  });
  expect(await rows()).toEqual(before);
}

describe('a body is rejected', () => {
  test.each([
    ['that is not JSON', '{"config": {'],
    ['that is empty', ''],
    ['with NaN', '{"config": {"a": NaN}}'],
    ['with Infinity', '{"config": {"a": Infinity}}'],
    ['with a comma too many', '{"config": {},}'],
    ['with a byte order mark and nothing else', '\ufeff'],
    [
      'with a lone surrogate byte sequence',
      Buffer.from('7b22636f6e666967223a7b2261223a22eda08022 7d7d'.replaceAll(' ', ''), 'hex'),
    ],
    ['in ISO 8859-1', Buffer.from('{"config": {"a": "caf\xe9"}}', 'latin1')],
  ])('%s', async (_, rawBody) => {
    await expectRefusal(() => snapshots(rawBody, { base64: true }), '');
    if (typeof rawBody === 'string') await expectRefusal(() => snapshots(rawBody), '');
  });

  test.each([
    ['a config that is a list', '{"config": []}', '/config'],
    ['a config that is null', '{"config": null}', '/config'],
    ['no config', '{}', '/config'],
    ['a number beyond a double', '{"config": {"a": 1e400}}', '/config'],
    ['U+0000 in a value', '{"config": {"a": "x\\u0000y"}}', '/config'],
    ['U+0000 in a key', '{"config": {"a\\u0000": 1}}', '/config'],
    ['U+0000 deep inside', '{"config": {"a": [{"b": "\\u0000"}]}}', '/config'],
    ['half a surrogate pair', '{"config": {"a": "\\ud800"}}', '/config'],
    ['half a surrogate pair as a key', '{"config": {"\\udc00": 1}}', '/config'],
    ['U+0000 in notes', '{"config": {}, "notes": "\\u0000"}', '/notes'],
    ['U+0000 in the bot', '{"config": {}, "bot_id": "a\\u0000"}', '/bot_id'],
    ['a setting that is given twice', '{"config": {"a": 1, "b": {"c": 1, "c": 2}}}', '/config/b/c'],
    ['a name that is given twice, once with an escape', '{"config": {"a": 1, "\\u0061": 1}}', '/config/a'],
    ['a field that is given twice', '{"config": {}, "notes": "a", "notes": "b"}', '/notes'],
    ['an empty bot', '{"config": {}, "bot_id": ""}', '/bot_id'],
    ['a bot of 65 characters', `{"config": {}, "bot_id": "${'b'.repeat(65)}"}`, '/bot_id'],
    ['a bot that is a number', '{"config": {}, "bot_id": 1}', '/bot_id'],
    ['a bot that is null', '{"config": {}, "bot_id": null}', '/bot_id'],
    ['notes that are an object', '{"config": {}, "notes": {}}', '/notes'],
    ['notes of 4,001 characters', `{"config": {}, "notes": "${'n'.repeat(4001)}"}`, '/notes'],
    ['an unknown field', '{"config": {}, "note": "x"}', '/note'],
    ['an unknown field with a slash', '{"config": {}, "a/b~c": "x"}', '/a~1b~0c'],
    ['__proto__ as a field', '{"config": {}, "__proto__": {"notes": "x"}}', '/__proto__'],
    ['constructor as a field', '{"config": {}, "constructor": 1}', '/constructor'],
    ['a time that is none', '{"config": {}, "active_from": "yesterday"}', '/active_from'],
    ['a time without an offset', '{"config": {}, "active_from": "2026-01-01T00:00:00"}', '/active_from'],
    ['a time as a number', '{"config": {}, "active_from": 1790000000}', '/active_from'],
    ['a time before 1970', '{"config": {}, "active_from": "1969-12-31T23:59:59Z"}', '/active_from'],
  ])('with %s', async (_, rawBody, path) => {
    await expectRefusal(() => snapshots(rawBody), path);
  });

  test('when it is a list, text, a number or null instead of an object', async () => {
    for (const rawBody of ['[]', '"config"', '1', 'null', 'true']) await expectRefusal(() => snapshots(rawBody), '');
  });

  test('when it is nested deeper than 64 levels, or deeper than any parser goes', async () => {
    const nested = (depth: number) =>
      `{"bot_id": "${bot()}", "config": {"a": ${'['.repeat(depth)}${']'.repeat(depth)}}}`;
    expect((await snapshots(nested(60))).status).toBe(201);
    await expectRefusal(() => snapshots(nested(70)), '/config');
    const { status } = await snapshots(nested(200_000));
    expect(status).toBe(400);
  });

  test('when the path to a value is longer than 500 characters', async () => {
    const keyed = (length: number) => `{"bot_id": "${bot()}", "config": {"${'k'.repeat(length)}": 1}}`;
    expect((await snapshots(keyed(499))).status).toBe(201);
    await expectRefusal(() => snapshots(keyed(500)), '/config');
    await expectRefusal(() => snapshots(`{"config": {"${'k'.repeat(300)}": {"${'~'.repeat(100)}": 1}}}`), '/config');
  });

  test('with an answer that does not repeat a long path for each of many problems', async () => {
    const rawBody = `{"config": {"${'k'.repeat(10_000)}": [${Array(10_000).fill(String.raw`"\u0000"`)}], "${'k'.repeat(400)}": [${Array(10_000).fill(String.raw`"\u0000"`)}]}}`;
    const { status, body } = await snapshots(rawBody);
    expect(status).toBe(400);
    expect(JSON.stringify(body).length).toBeLessThan(rawBody.length);
  });

  test('when it is nested deeply in fills and links', async () => {
    for (const route of ['POST /fills', 'POST /trade-links']) {
      const { status } = await service.call(route, {
        rawBody: `[{"fill_id": ${'['.repeat(100_000)}${']'.repeat(100_000)}}]`,
      });
      expect(status).toBe(400);
    }
  });

  test('with every invalid field listed at once', async () => {
    const { body } = await snapshots('{"config": 1, "notes": 2, "bot_id": 3}');
    expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['/bot_id', '/config', '/notes']);
  });

  test('with 415 for another content type', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      expect((await snapshots('{"config": {}}', { headers: { 'content-type': type } })).status).toBe(415);
    }
  });
});

describe('a body is accepted', () => {
  test.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.bot+json'])(
    'as %s',
    async (type) => {
      const { status } = await snapshots(`{"bot_id": "${bot()}", "config": {}}`, { headers: { 'content-type': type } });
      expect(status).toBe(201);
    },
  );

  test('in base64, as API Gateway may send it', async () => {
    const bot_id = bot();
    expect(
      (await service.call('POST /snapshots', { body: { bot_id, config: { a: '€😀' } }, base64: true })).status,
    ).toBe(201);
    expect((await service.call('GET /snapshots/current', { query: { bot_id } })).body.config).toEqual({ a: '€😀' });
  });

  test.each(['Robert"; DROP TABLE fills;--', "' OR 1=1", ':p1', '$1', '%s', '../..', '\u202e', '🤖'.repeat(32), ' '])(
    'for a bot named %j',
    async (bot_id) => {
      expect(
        (await service.call('POST /snapshots', { body: { bot_id, config: { ':p1': "'$1" }, notes: ":p2 '; --" } }))
          .status,
      ).toBe(201);
      expect((await service.call('GET /snapshots/current', { query: { bot_id } })).body).toMatchObject({
        bot_id,
        config: { ':p1': "'$1" },
        notes: ":p2 '; --",
      });
    },
  );
});

describe('a number', () => {
  const price = async (written: string) => {
    const bot_id = bot();
    const fill = `{"bot_id": "${bot_id}", "fill_id": "f", "order_id": "o", "symbol": "A-USD", "side": "buy", "size": 1, "filled_at": "2026-01-01T00:00:00Z", "price": ${written}}`;
    const { status, body } = await service.call('POST /fills', { rawBody: fill });
    if (status !== 200) return { status, reason: body.rejected[0].reason };
    return (await service.sql<{ price: string }>('SELECT price::text FROM fills WHERE bot_id = $1', [bot_id]))[0]
      ?.price;
  };

  test.each([
    ['0.1', '0.1'],
    ['1e-7', '0.0000001'],
    ['1.10', '1.1'],
    ['12345678901234567', { status: 400, reason: expect.stringContaining('price') }],
    ['0.1000000000000000055', { status: 400, reason: expect.stringContaining('price') }],
    ['0.123456789012345678', { status: 400, reason: expect.stringContaining('price') }],
    ['1e400', { status: 400, reason: expect.stringContaining('price') }],
    ['"0.1000000000000000055"', '0.1000000000000000055'],
    ['"12345678901234567890.12345678901234567890"', '12345678901234567890.1234567890123456789'],
    ['"4.99e-06"', '0.00000499'],
    ['"1E+3"', '1000'],
    ['true', { status: 400, reason: expect.stringContaining('price') }],
    ['[1]', { status: 400, reason: expect.stringContaining('price') }],
  ])('written %s is kept exactly or refused', async (written, expected) => {
    expect(await price(written)).toEqual(expected);
  });
});

describe('a query is rejected', () => {
  const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');
  test.each([
    ['GET /snapshots', { limit: '0' }, 'limit'],
    ['GET /snapshots', { limit: '501' }, 'limit'],
    ['GET /snapshots', { limit: 'many' }, 'limit'],
    ['GET /snapshots', { limit: '1,2' }, 'limit'],
    ['GET /snapshots', { limit: '' }, 'limit'],
    ['GET /snapshots', { bot: 'x' }, 'bot'],
    ['GET /snapshots', { __proto: 'x' }, '__proto'],
    ['GET /snapshots', { bot_id: 'a\u0000' }, 'bot_id'],
    ['GET /snapshots', { cursor: 'nonsense' }, 'cursor'],
    ['GET /snapshots', { cursor: cursor(['yesterday']) }, 'cursor'],
    ['GET /snapshots', { cursor: cursor({}) }, 'cursor'],
    ['GET /snapshots', { cursor: cursor(['2026-01-01T00:00:00Z; --']) }, 'cursor'],
    ['GET /snapshots/current', { limit: '1' }, 'limit'],
    ['GET /trades', { from: 'yesterday' }, 'from'],
    ['GET /trades', { from: '2026-01-01' }, 'from'],
    ['GET /trades', { to: '9999-12-31T23:59:59-14:00' }, 'to'],
    ['GET /trades', { snapshot_id: '1' }, 'snapshot_id'],
    ['GET /trades', { snapshot_id: '0f8fad5b' }, 'snapshot_id'],
    ['GET /trades', { snapshot_id: '0f8fad5b-d9cb-469f-a165-70867728950g' }, 'snapshot_id'],
    ['GET /trades', { symbol: '' }, 'symbol'],
    ['GET /trades', { cursor: cursor(['yesterday', 'o', 1]) }, 'cursor'],
    ['GET /trades', { cursor: cursor(['2026-01-01T00:00:00Z', 'o\u0000', 1]) }, 'cursor'],
    ['GET /trades', { cursor: cursor(['2026-01-01T00:00:00Z', 'o']) }, 'cursor'],
    ['GET /summaries', { from: '2026-13-01' }, 'from'],
    ['GET /summaries', { cursor: cursor(['2026-02-30', '2026-01-01T00:00:00Z']) }, 'cursor'],
    ['GET /comparison', { baseline: 'x' }, 'baseline'],
    ['GET /comparison', { candidate: '0' }, 'candidate'],
    ['GET /coverage', { hours: '1e3' }, 'hours'],
    ['GET /report', { format: 'pdf' }, 'format'],
    ['GET /report', { date: 'today' }, 'date'],
    ['GET /report', { date: '9999-12-31' }, 'date'],
    ['GET /health', { verbose: '1' }, 'verbose'],
  ])('%s %j', async (route, query, path) => {
    await expectRefusal(() => service.call(route, { query }), path);
  });

  test.each(['x', '1', '0f8fad5b', '0f8fad5b-d9cb-469f-a165-7086772895', '0f8fad5b-d9cb-469f-a165-70867728950e0'])(
    'a snapshot id of %s in the path',
    async (snapshot_id) => {
      await expectRefusal(() => service.call('GET /snapshots/{snapshot_id}', { path: { snapshot_id } }), 'snapshot_id');
      await expectRefusal(
        () => service.call('GET /snapshots/{snapshot_id}/changes', { path: { snapshot_id } }),
        'snapshot_id',
      );
    },
  );

  test('U+0000 in a path', async () => {
    await expectRefusal(
      () => service.call('GET /trade-links/{order_id}', { path: { order_id: 'a\u0000' } }),
      'order_id',
    );
  });
});

describe('a problem', () => {
  test('has the members of RFC 9457 and reveals no internals', async () => {
    const { status, headers, body } = await service.call('GET /snapshots/{snapshot_id}', {
      path: { snapshot_id: '00000000-0000-4000-8000-000000000000' },
    });
    expect(headers['content-type']).toBe('application/problem+json');
    expect({ status, body }).toEqual({
      status: 404,
      body: {
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: 'no snapshot 00000000-0000-4000-8000-000000000000',
      },
    });
  });

  test('caused by the service is a 500 without its reason', async () => {
    await service.sql('ALTER TABLE trading_calendar RENAME TO calendar_away');
    const { status, body } = await service.call('GET /health/database');
    await service.sql('ALTER TABLE calendar_away RENAME TO trading_calendar');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/calendar|relation|SQL/i);
  });
});

test('each invalid field in a batch is listed by its pointer', async () => {
  const { status, body } = await service.call('POST /fills', { body: [{ fill_id: 'f', price: '-1', size: '1' }] });
  expect(status).toBe(400);
  expect(body.errors).toContainEqual({ path: '/0/price', message: 'must be greater than 0' });
  expect(body.errors).toContainEqual({ path: '/0/order_id', message: 'is required' });
});

test.each(['GET /trades', 'GET /summaries'])('%s rejects a reversed range', async (route) => {
  const times =
    route === 'GET /trades' ? ['2026-02-02T00:00:00Z', '2026-02-01T00:00:00Z'] : ['2026-02-02', '2026-02-01'];
  const { status, body } = await service.call(route, { query: { from: times[0] ?? '', to: times[1] ?? '' } });
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([{ path: 'to' }]);
});

test('reading a number takes time in proportion to its length: a million zeros are refused at once', async () => {
  // With a comparison that is quadratic, this would take twenty minutes.
  const price = `1${'0'.repeat(1_000_000)}1`;
  const rawBody = `{"fill_id": "f", "order_id": "o", "symbol": "BTC-USD", "side": "buy", "price": ${price}, "size": "1", "filled_at": "2026-01-01T00:00:00Z"}`;
  const { status, body } = await service.call('POST /fills', { rawBody });
  expect(status).toBe(400);
  expect(body.errors[0].path).toBe('/0/price');
  expect(JSON.stringify(body).length).toBeLessThan(5000);
});
