import { spawnSync } from 'node:child_process';
import { createWriteStream, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { strategy } from '../strategy.ts';
import { startImporting } from './importing.ts';

const { shown, file, url } = await startImporting();

const HEADER = 'portfolio,trade id,product,side,created at,size,size unit,price,fee,total,price/fee/total unit';
const FILL = JSON.stringify({
  trade_id: 't',
  product_id: 'BTC-USD',
  side: 'BUY',
  price: '1',
  size: '1',
  trade_time: '2025-03-01T00:00:00Z',
});
const MB = 1_000_000;

/** A gzipped file of 600 MB, or as many as stated, which are much of the same. */
async function packed(
  name: string,
  { begin = '', unit, end = '', mb = 600 }: { begin?: string; unit: string; end?: string; mb?: number },
): Promise<string> {
  const path = await file(name, '');
  const block = Buffer.from(unit.repeat(Math.ceil(MB / unit.length)));
  function* parts() {
    yield begin;
    for (let at = 0; at < mb; at += 1) yield block;
    yield end;
  }
  await pipeline(Readable.from(parts()), createGzip({ level: 1 }), createWriteStream(path));
  return path;
}

/** A dry run in a process of its own. */
function imported(path: string): { code: number; error: string; rss_mb: number } {
  const program = `import { run } from ${JSON.stringify(new URL('../../../cli/run.ts', import.meta.url).href)};
    let error = '';
    const terminal = { out() {}, error: (text) => { error += text; }, progress() {}, width: 80 };
    const code = await run(['import', process.argv[1]], terminal);
    console.log(JSON.stringify({ code, error, rss_mb: process.resourceUsage().maxRSS / 1000 }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program, path], {
    encoding: 'utf8',
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('a small file that is large when it is unpacked ends with an error, and takes no memory:', () => {
  test.each<[string, Parameters<typeof packed>[1], string]>([
    ['spaces', { unit: ' ' }, ' line 1 begins a record that is longer than 1 MB'],
    ['a header without an end', { begin: 'a', unit: ',b' }, ' line 1 begins a record that is longer than 1 MB'],
    [
      'a cell without an end',
      { begin: `${HEADER}\n"`, unit: 'x', end: '"\n' },
      ' line 2 begins a record that is longer than 1 MB',
    ],
    ['JSON on one line', { begin: '[{"a": "', unit: 'x', end: '"}]' }, ' has JSON that is longer than 100 MB'],
    ['JSON on many lines', { begin: '[\n', unit: '{"a": 1},\n', end: '{}]' }, ' has JSON that is longer than 100 MB'],
    [
      'a line of JSON lines',
      { begin: `${FILL}\n{"a": "`, unit: 'x', end: '"}\n' },
      ' has JSON that is longer than 100 MB',
    ],
    [
      'JSON of very many values',
      { begin: '[{"a": 1},', unit: '{},', end: '{}]', mb: 60 },
      ' has more than 10 million values in one piece',
    ],
    [
      'JSON lines of very many values',
      { begin: `${FILL}\n[`, unit: '{},', end: '{}]\n', mb: 60 },
      ' line 2 has more than 10 million values in one piece',
    ],
  ])(
    '%s',
    async (name, content, reason) => {
      const path = await packed(`${name}.gz`, content);
      const { code, error, rss_mb } = imported(path);
      expect(error).toContain(`${name}.gz${reason}`);
      expect(code).toBe(1);
      expect(rss_mb).toBeLessThan(500);
    },
    180_000,
  );
});

const TRADES =
  'id INTEGER PRIMARY KEY, pair TEXT, is_open INT, open_rate REAL, open_date TEXT, close_date TEXT, close_rate REAL, amount REAL, fee_open REAL, fee_close REAL';
const ENDLESS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)';
const numbers = (most: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${most})`;
const TRADE = `INSERT INTO trades (pair, is_open, open_rate, open_date, close_date, close_rate, amount, fee_open, fee_close)
  VALUES ('BTC/USDT', 0, 1, '2025-01-01 00:00:00', '2025-01-02 00:00:00', 2, 1, 0, 0);`;

async function database(name: string, sql: string): Promise<string> {
  const path = await file(name, '');
  const sqlite = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  sqlite.exec(sql);
  sqlite.close();
  return path;
}

describe('a database in SQLite that computes, or has what a bot never writes, ends with an error at once:', () => {
  test.each<[string, string, string]>([
    [
      'an endless view',
      `CREATE VIEW trades AS ${ENDLESS} SELECT i AS id, 'BTC/USDT' AS pair, 1 AS open_rate, '2025-01-01' AS open_date, 1 AS amount FROM n WHERE i < 0;`,
      ' trades is a view or a virtual table',
    ],
    [
      'an endless view as the orders',
      `CREATE TABLE trades (${TRADES}); ${TRADE} CREATE VIEW orders AS ${ENDLESS} SELECT i AS id, 0 AS ft_trade_id FROM n WHERE i < 0;`,
      ' orders is a view or a virtual table',
    ],
    [
      'an endless view as the name of the bot',
      `CREATE TABLE trades (${TRADES}); ${TRADE} CREATE TABLE orders (id INTEGER PRIMARY KEY, ft_trade_id INT, ft_is_open INT);
       CREATE VIEW trade_custom_data AS ${ENDLESS} SELECT i AS id, '' AS cd_key, '' AS cd_value FROM n WHERE i < 0;`,
      ' trade_custom_data is a view or a virtual table',
    ],
    [
      'a virtual table',
      'CREATE VIRTUAL TABLE trades USING fts5(pair, open_rate, open_date, amount);',
      ' trades is a view or a virtual table',
    ],
    [
      'a column that is computed when it is read',
      `CREATE TABLE trades (${TRADES}, strategy TEXT AS (hex(zeroblob(400000000)))); ${TRADE}`,
      ' trades has the computed column strategy',
    ],
    [
      'a huge value',
      `CREATE TABLE trades (${TRADES}, strategy TEXT); ${TRADE.repeat(2)} UPDATE trades SET strategy = zeroblob(40000000) WHERE id = 2;`,
      ' trades row 2 cannot be read: it has a value that is longer than 16 MB',
    ],
  ])(
    '%s',
    async (name, sql, reason) => {
      const path = await database(`${name}.sqlite`, sql);
      const { code, error, rss_mb } = imported(path);
      expect(error).toContain(`${name}.sqlite${reason}`);
      expect(code).toBe(1);
      expect(rss_mb).toBeLessThan(500);
    },
    180_000,
  );

  test('many trades with many orders and no index are read in one pass', async () => {
    const path = await database(
      'no index.sqlite',
      `CREATE TABLE trades (${TRADES}); CREATE TABLE orders (id INTEGER PRIMARY KEY, ft_trade_id INT, ft_is_open INT, order_id TEXT);
       ${numbers(100_000)} INSERT INTO trades (pair, is_open) SELECT 'BTC/USDT', 1 FROM n;
       ${numbers(100_000)} INSERT INTO orders (ft_trade_id) SELECT -1 FROM n;`,
    );
    // One search per trade took four minutes.
    expect(imported(path).code).toBe(0);
  }, 180_000);

  test('pages that many places of the table point to', async () => {
    const path = await database(
      'pages.sqlite',
      `PRAGMA page_size = 512; CREATE TABLE trades (${TRADES}); ${numbers(1000)} INSERT INTO trades (pair) SELECT printf('%0100d', i) FROM n;`,
    );
    const bytes = readFileSync(path);
    // The root is the second page: its cells begin with the number of the page below. Now all are the first one.
    const root = bytes.subarray(512, 1024);
    expect(root[0]).toBe(5);
    const [cells, first] = [root.readUInt16BE(3), root.readUInt32BE(root.readUInt16BE(12))];
    for (let cell = 0; cell < cells; cell += 1) root.writeUInt32BE(first, root.readUInt16BE(12 + 2 * cell));
    writeFileSync(path, bytes);
    const { code, error } = await shown(path);
    expect(error).toContain('pages.sqlite trades is damaged: ');
    expect(code).toBe(1);
  });
});

test.each(['import', 'reconcile', 'sync freqtrade', 'sync hummingbot'])(
  'a pipe and a device are not waited for by %s',
  async (words) => {
    const command = words.split(' ');
    const pipe = await file(`${words} pipe`, '');
    rmSync(pipe);
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    for (const path of [pipe, '/dev/zero']) {
      const { code, stderr } = await strategy([...command, '--url', url, path]);
      expect(stderr).toContain(`${path} is not a file`);
      expect(code).toBe(1);
    }
  },
);

test.each<[string, string]>([
  ['numbers of a hundred thousand digits', `Bought 1 BTC for $1.10 USD,${'9'.repeat(100_000)}`],
  ['an amount of a hundred thousand digits in the notes', `Bought 1 BTC for ${'1'.repeat(100_000)},1`],
  ['a hundred thousand separators in the notes', `"Bought 1 BTC for ${'.,'.repeat(100_000)}",1`],
])(
  '%s are read once',
  async (name, columns) => {
    const row = (second: number) => `2025-03-01 00:00:${second} UTC,Buy,BTC,USD,${'9'.repeat(100_000)},${columns}`;
    const path = await file(
      `${name}.csv`,
      [
        'Timestamp,Transaction Type,Asset,Price Currency,Subtotal,Notes,Quantity Transacted',
        row(10),
        row(11),
        row(12),
      ].join('\n'),
    );
    // Their digits were multiplied, and each of them tried as the first: minutes.
    expect(imported(path).code).toBe(0);
  },
  150_000,
);
