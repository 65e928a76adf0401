import { ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { tablesIn } from '../../../cli/import/sources/tables.ts';
import { startImporting } from './importing.ts';

const { imported, shown, file } = await startImporting();

const HEADER = 'portfolio,trade id,product,side,created at,size,size unit,price,fee,total,price/fee/total unit';
const line = (n: number) => `default,${n},BTC-USD,BUY,2025-03-01T21:39:45.667Z,0.5,BTC,100.5,0.3015,-50.5515,USD`;
const CSV = `${[HEADER, ...Array.from({ length: 20 }, (_, i) => line(i))].join('\n')}\n`;
const JSON_TEXT = JSON.stringify(
  {
    fills: [
      { trade_id: '1', product_id: 'BTC-USD', side: 'BUY', price: '1', size: '1', trade_time: '2025-03-01T00:00:00Z' },
    ],
  },
  null,
  2,
);

describe('the same table', () => {
  test.each<[string, string | Buffer]>([
    ['with a byte order mark', `\ufeff${CSV}`],
    ['with the line ends of Windows', CSV.replaceAll('\n', '\r\n')],
    ['without a last line end', CSV.trimEnd()],
    ['in UTF-16, as spreadsheets write it', Buffer.from(`\ufeff${CSV.replaceAll(',', '\t')}`, 'utf16le')],
    ['separated by semicolons', CSV.replaceAll(',', ';')],
    ['in quotes', CSV.replaceAll(/[^,\n]+/g, '"$&"')],
    ['gzipped', gzipSync(CSV)],
    [
      'with its columns in another order',
      CSV.split('\n')
        .map((row) => row.split(',').reverse().join(','))
        .join('\n'),
    ],
  ])('%s is read as it is', async (_, content) => {
    const { report } = await imported(await file('table', content));
    expect(report.bots).toMatchObject([{ fills: 20, from: '2025-03-01T21:39:45.667000Z' }]);
    expect(report.skipped).toEqual([]);
  });
});

describe('unreadable input ends with exit code 1 and the reason, before anything is sent:', () => {
  test.each<[string, string | Buffer, string]>([
    ['an empty file', '', 'has no records'],
    ['an empty list', '[]', 'has no records'],
    ['a table truncated in the middle', CSV.slice(0, CSV.length - 40), 'is truncated or damaged'],
    ['a table truncated within quotes', `${HEADER}\n"default`, 'is truncated or damaged'],
    ['JSON truncated in the middle', JSON_TEXT.slice(0, -10), 'is truncated or not JSON'],
    [
      'JSON lines with a truncated last line',
      `${JSON.stringify(JSON.parse(JSON_TEXT).fills[0])}\n{"trade_`,
      'is truncated or not JSON',
    ],
    ['a truncated gzip file', gzipSync(CSV).subarray(0, -20), 'is truncated or damaged'],
    ['text that is not UTF-8', Buffer.from(CSV.replace('default', 'déjà'), 'latin1'), 'is not UTF-8'],
    ['an archive', Buffer.from('PK\x03\x04 and so on'), 'is a ZIP archive: unpack it first'],
    [
      'other columns',
      'date,amount\n1,2\n',
      'is not in a known format. It has the columns date, amount, which fit none of freqtrade-trades, ',
    ],
  ])('%s', async (_, content, reason) => {
    const { code, error } = await shown('--yes', await file('broken', content));
    expect(error).toContain(reason);
    expect(code).toBe(1);
  });

  test('a run that the files do not have', async () => {
    const runs = await file(
      'runs.csv',
      'run_id,pair,open_date,close_date,open_rate,close_rate,amount\nr-1,BTC/USD,,,1,2,3',
    );
    expect(await shown('--run', 'r-2', runs)).toMatchObject({ code: 1, error: 'no row belongs to the run r-2\n' });
    expect(await shown('--run', 'r-1', runs)).toMatchObject({ code: 0, error: '' });
  });

  test('a file that does not exist', async () => {
    expect(await shown('/nowhere/at-all.csv')).toMatchObject({
      code: 1,
      error: '/nowhere/at-all.csv cannot be read: ENOENT\n',
    });
  });

  test('a table in another format than --format reports the missing columns', async () => {
    const { code, error } = await shown('--format', 'trade_strategy_link', await file('forced.csv', CSV));
    expect(code).toBe(1);
    expect(error).toContain('but has no order_id (order_id) and no snapshot_id (snapshot_id)');
  });
});

test('times without an offset are in the named time zone, in summer and in winter', async () => {
  const local = `${HEADER}\n${line(1)}\n${line(2).replace('03-01', '07-01')}\n`.replaceAll('.667Z', '');
  const { report } = await imported('--time-zone', 'America/New_York', await file('local.csv', local));
  expect(report.bots).toMatchObject([{ from: '2025-03-02T02:39:45.000000Z', to: '2025-07-02T01:39:45.000000Z' }]);
});

test('50 MB are streamed, not read at once', async () => {
  const path = await file('large.csv', `${HEADER}\n`);
  const out = await open(path, 'a');
  const block = `${line(1)}\n`.repeat(12_000);
  for (let i = 0; i < 50; i++) await out.write(block);
  await out.close();
  const read = vi.spyOn(ReadStream.prototype, 'push');
  const { value: table } = await tablesIn(path)[Symbol.asyncIterator]().next();
  let rows = 0;
  for await (const _ of table.rows) if (++rows === 1000) break;
  const bytes = read.mock.calls.reduce((sum, [chunk]) => sum + ((chunk as Buffer | null)?.length ?? 0), 0);
  expect(bytes).toBeGreaterThan(80_000);
  expect(bytes).toBeLessThan(2_000_000);
});
