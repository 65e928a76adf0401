import { expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const { call, sql } = await startService();
const long = (letter: string, i: number) => `${letter.repeat(190)}${i}`;
const times = <Item>(count: number, item: (i: number) => Item) => Array.from({ length: count }, (_, i) => item(i));

test('500 links with the longest ids get a result each, and with other values a conflict each', async () => {
  const links = (letter: string) =>
    times(500, (i) => ({
      order_id: long('o', i),
      exit_reason: letter.repeat(200),
      indicator_breakdown: { [letter.repeat(900)]: 1 },
    }));
  expect((await call('POST /trade-links', { body: links('a') })).body).toMatchObject({ created: 500 });
  const { status, body } = await call('POST /trade-links', { body: links('b') });
  expect({ status, unchanged: body.unchanged }).toEqual({ status: 200, unchanged: 500 });
  expect(body.results.map(({ order_id }: { order_id: string }) => order_id)).toEqual(
    links('b').map(({ order_id }) => order_id),
  );
  const [reason, breakdown] = body.results[7].conflicts;
  expect(reason).toEqual({ field: 'exit_reason', stored: 'a'.repeat(200), given: 'b'.repeat(200) });
  expect(breakdown).toMatchObject({ field: 'indicator_breakdown', stored: expect.stringMatching(/^\{"a{298}…$/) });
});

test('1,000 fills with the longest ids that contradict stored fills are rejected one by one', async () => {
  const fills = (price: string) =>
    times(1000, (i) => ({
      ...{
        fill_id: long('f', i),
        order_id: long(price, i),
        client_order_id: long(price, i),
        source: price.repeat(100),
      },
      ...{ symbol: 'A-USD', side: 'buy', price, size: '1', filled_at: '2026-01-01T00:00:00Z' },
    }));
  expect((await call('POST /fills', { body: fills('1') })).body).toMatchObject({ accepted: 1000 });
  const { status, body } = await call('POST /fills', { body: fills('2') });
  expect({ status, rejected: body.rejected.length }).toEqual({ status: 400, rejected: 1000 });
  expect(body.rejected[999]).toMatchObject({
    index: 999,
    reason: expect.stringMatching(/^conflict: order_id is 1{190}999 here, price is 1/),
  });
});

test('ids that are also long in bytes are accepted, although they exceed one response of the Data API', async () => {
  const links = times(500, (i) => ({ order_id: '\u0001'.repeat(190) + i, client_order_id: '\u0002'.repeat(190) + i }));
  const { status, body } = await call('POST /trade-links', { body: links });
  expect({ status, results: body.results.length }).toEqual({ status: 200, results: 500 });
  expect(await sql("SELECT count(*)::integer AS n FROM trade_strategy_link WHERE order_id LIKE E'\\u0001%'")).toEqual([
    { n: 500 },
  ]);
});

test('more than the database accepts at once is a 413, and nothing is stored', async () => {
  const links = times(400, (i) => ({ order_id: `heavy-${i}`, indicator_breakdown: { a: 'x'.repeat(15_000) } }));
  const { status, body } = await call('POST /trade-links', { body: links });
  expect({ status, detail: body.detail }).toEqual({ status: 413, detail: expect.stringContaining('4 MB') });
  expect(await sql("SELECT FROM trade_strategy_link WHERE order_id LIKE 'heavy%'")).toEqual([]);
  expect((await call('POST /trade-links', { body: links.slice(0, 200) })).body).toMatchObject({ created: 200 });
});
