import canonicalize from 'canonicalize';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { redacted } from '../../functions/contract/secrets.ts';
import { inBatches } from '../support/matching.ts';
import { naughtyStrings } from '../support/naughty-strings.ts';
import { startService } from '../support/service.ts';
import { contentsOf } from './contents.ts';
import { report } from './figures.ts';
import { sizes } from './sizes.ts';

const { call, sql } = await startService();
process.env.POWERTOOLS_LOG_LEVEL = 'INFO';

/** Captures standard output, which is Lambda's log. */
const printed: string[] = [];
vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => printed.push(String(chunk)) > 0);

const strings = [...new Set(naughtyStrings)].filter((_, i) => i % sizes.everyNthString === 0);
/** Length in characters, not in UTF-16 code units. */
const lengthOf = (value: string) => [...value].length;
const storable = (value: string) => value.isWellFormed() && !value.includes('\u0000');
const identifiers = strings.filter((value) => value !== '' && lengthOf(value) <= 200 && storable(value));
const namesABot = (value: string) => value !== '' && lengthOf(value) <= 64 && storable(value);
const bot_id = 'naughty';

afterAll(() =>
  report({ check: 'Naughty strings, each in every text field', writes: strings.length * 12, lost: 0, doubled: 0 }),
);

/** An order in which every free text is the same string. */
const orderOf = (value: string, minute: number) => {
  const order = {
    bot_id,
    symbol: printable(value) ? value : 'BTC-USD',
    quote_usd: '1',
    price: '10',
    size: '1',
    source: value.slice(0, 100).toWellFormed(),
  };
  const at = (seconds: number) => new Date(Date.UTC(2026, 2, 2, 0, minute, seconds)).toISOString();
  return [
    { ...order, side: 'buy', fill_id: `${value}`, order_id: value, client_order_id: value, filled_at: at(0) },
    {
      ...order,
      side: 'sell',
      fill_id: `s${value}`.slice(0, 200).toWellFormed(),
      order_id: `s${value}`.slice(0, 200).toWellFormed(),
      price: '11',
      filled_at: at(30),
    },
  ];
};
const printable = (value: string) => /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,64}$/u.test(value);

beforeAll(async () => {
  await call('POST /snapshots', { body: { bot_id, config: { naughty: true }, active_from: '2026-03-01T00:00:00Z' } });
});

/** A symbol in lower case is read in upper case, where it is ASCII: other letters may become longer. */
const spelled = (symbol: string): string =>
  [...symbol].every((character) => character <= '~') && symbol === symbol.toLowerCase() ? symbol.toUpperCase() : symbol;

describe('a naughty string is stored unchanged, or rejected by field name', () => {
  test('as key and value of settings, as notes and as author', async () => {
    for (const value of strings) {
      const body = {
        bot_id: 'author',
        config: { [value]: value, list: [value] },
        notes: value,
        created_by: value.slice(0, 200).toWellFormed(),
      };
      const { status, body: reply } = await call('POST /snapshots', { body });
      if (!storable(value) || lengthOf(value) > 4000) {
        expect(status).toBe(400);
        continue;
      }
      expect(status, value).toBeLessThan(300);
      const { body: current } = await call('GET /snapshots/{snapshot_id}', {
        path: { snapshot_id: reply.snapshot_id },
      });
      expect(current).toMatchObject({ notes: value, created_by: body.created_by });
      expect(canonicalize(current.config)).toBe(canonicalize(redacted(body.config)));
    }
  });

  test('as a bot id, in every response and in one log line each', async () => {
    for (const value of strings.filter(namesABot)) {
      printed.length = 0;
      expect((await call('POST /snapshots', { body: { bot_id: value, config: {} } })).status).toBe(201);
      const [line = '', ...more] = printed.join('').trimEnd().split('\n');
      expect(more, 'one line a request').toEqual([]);
      expect(JSON.parse(line)).toMatchObject({ message: 'request', operation: 'saveSnapshot', bots: [value] });
      expect((await call('GET /snapshots/current', { query: { bot_id: value } })).body.bot_id).toBe(value);
    }
  });

  test('as a bot id that is empty or too long, and nothing is stored', async () => {
    const before = await contentsOf(sql);
    for (const value of strings.filter((each) => !namesABot(each))) {
      const { status, body } = await call('POST /snapshots', { body: { bot_id: value, config: {} } });
      expect(status).toBe(400);
      expect(body.errors).toMatchObject([{ path: '/bot_id' }]);
    }
    expect(await contentsOf(sql)).toBe(before);
  });

  test('as the ids, the symbol and the source of a fill, and through its trade', async () => {
    const fills = identifiers.flatMap(orderOf);
    for (const body of inBatches(fills, 200)) {
      const { body: reply } = await call('POST /fills', { body });
      expect(reply.rejected).toEqual([]);
    }
    const stored = await sql<(typeof fills)[number]>(
      'SELECT fill_id, order_id, client_order_id, symbol, source FROM fills JOIN books USING (bot_id, book_id) WHERE bot_id = $1',
      [bot_id],
    );
    const known = new Map(stored.map((row) => [row.fill_id, row]));
    for (const { fill_id, order_id, symbol, source } of fills)
      expect(known.get(fill_id)).toMatchObject({ fill_id, order_id, symbol: spelled(symbol), source });

    // Several strings may spell the same symbol.
    const symbols = Map.groupBy(
      fills.map(({ symbol }) => symbol).filter((symbol) => symbol !== 'BTC-USD'),
      spelled,
    );
    for (const [symbol, strings] of symbols)
      for (const query of new Set(strings)) {
        const { body } = await call('GET /trades', { query: { bot_id, symbol: query } });
        const trades = new Set(body.trades.map((trade: { symbol: string }) => trade.symbol));
        expect([...trades]).toEqual([symbol]);
      }
  });

  test('as a symbol that is not printable, which is rejected', async () => {
    for (const value of strings.filter((each) => !printable(each))) {
      const [buy] = orderOf(value, 0);
      const { status, body } = await call('POST /fills', {
        body: { ...buy, fill_id: 'odd', order_id: 'odd', client_order_id: null, source: null, symbol: value },
      });
      expect(status).toBe(400);
      expect(body.errors[0].path).toBe('/0/symbol');
    }
  });

  test('as order id, trigger, reason and indicator of a link, and in its path', async () => {
    const links = identifiers.map((value) => ({
      ...{ bot_id, order_id: value, client_order_id: value },
      trigger_type: value.slice(0, 100).toWellFormed(),
      exit_reason: value,
      indicator_breakdown: { [value]: 1 },
      settings: { [value]: value },
      signal_time: '2026-03-02T00:00:00Z',
    }));
    for (const body of inBatches(links, 200))
      expect((await call('POST /trade-links', { body })).body.rejected).toEqual([]);
    for (const { order_id, trigger_type, exit_reason } of links) {
      const { status, body } = await call('GET /trade-links/{order_id}', { path: { order_id }, query: { bot_id } });
      expect(status, order_id).toBe(200);
      expect(body).toMatchObject({ order_id, exit_reason, trigger_type: trigger_type.toLowerCase() });
      expect(Object.keys(body.indicator_breakdown)).toEqual([order_id]);
    }
  });

  test('as the reason of a correction', async () => {
    for (const [i, reason] of identifiers.slice(0, sizes.inputs).entries()) {
      const body = { bot_id, fill_id: identifiers[0], price: `${20 + i}`, reason };
      expect((await call('POST /fills/corrections', { body })).body.correction).toMatchObject({ reason });
    }
  });
});

describe('a report with naughty strings', () => {
  /** The names of elements and attributes, and the targets of links: the structure of a page without its texts. */
  const madeOf = (html: string) => {
    const { document } = parseHTML(html);
    const names = new Set<string>();
    for (const element of document.querySelectorAll('*')) {
      names.add(`<${element.localName}>`);
      for (const { name, value } of element.attributes)
        names.add(name === 'href' || name === 'src' ? `${name}=${value.slice(0, 16)}` : name);
    }
    return names;
  };
  const pageOf = async (bot: string, date: string) =>
    (await call('GET /report', { query: { detail: 'full', bot_id: bot, date, format: 'html' } })).body as string;

  test('has the same elements, attributes and links as one with plain texts', async () => {
    const plain = 'plain';
    for (const notes of ['one', 'two', 'three']) {
      await call('POST /snapshots', {
        body: { bot_id: plain, config: { notes }, notes, active_from: `2026-02-2${notes.length}T00:00:00Z` },
      });
    }
    const fills = ['a', 'b', 'c']
      .flatMap(orderOf)
      .map((fill) => ({ ...fill, bot_id: plain, fill_id: `p${fill.fill_id}` }));
    await call('POST /fills', { body: fills });
    const allowed = madeOf(await pageOf(plain, '2026-03-02'));
    expect(allowed).toContain('<table>');

    for (const [i, group] of inBatches(identifiers, 30).slice(0, sizes.reports).entries()) {
      const bot = `reported ${i}`;
      for (const [j, notes] of group.slice(0, 3).entries()) {
        await call('POST /snapshots', {
          body: { bot_id: bot, config: { [notes]: notes }, notes, active_from: `2026-02-2${j}T00:00:00Z` },
        });
      }
      await call('POST /fills', { body: group.flatMap(orderOf).map((fill) => ({ ...fill, bot_id: bot })) });
      const links = group.map((value) => ({
        bot_id: bot,
        order_id: `s${value}`.slice(0, 200).toWellFormed(),
        trigger_type: value.slice(0, 100).toWellFormed(),
      }));
      await call('POST /trade-links', { body: links });
      const page = await pageOf(bot, '2026-03-02');
      expect(
        [...madeOf(page)].filter((name) => !allowed.has(name)),
        group.join('\n'),
      ).toEqual([]);
    }
  });
});
