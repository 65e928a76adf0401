import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { strategyProcess } from '../strategy.ts';
import { startImporting } from './importing.ts';

const { service, url, imported, shown, file } = await startImporting();

const records = (count: number) =>
  ['order_id,symbol,side,price,size,fee,time,trigger']
    .concat(Array.from({ length: count }, (_, i) => `o-${i},BTC-USD,buy,100,1,0.1,2025-03-01T10:00:00Z,limit`))
    .join('\n');

describe('the command', () => {
  test('reads the files, shows its progress, and sends nothing without --yes', async () => {
    const path = await file('records.csv', records(3));
    const dry = await strategyProcess(['import', '--bot', 'command', '--url', url, path]);
    expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining('records.csv 3 rows') });
    expect(dry.stdout).toContain('Bot command: 3 fills of 3 orders, 3 links, 0 snapshots');
    expect(dry.stdout).toContain('Nothing was sent: this was a dry run. Add --yes to send it.');
    const count = () => service.sql("SELECT FROM fills WHERE bot_id = 'command'").then(({ length }) => length);
    expect(await count()).toBe(0);

    const sent = await strategyProcess(['import', '--bot', 'command', '--url', url, '--yes', path]);
    expect(sent).toMatchObject({ code: 0, stderr: expect.stringContaining('of 6') });
    expect(sent.stdout).toContain('Fills: 3 new, 0 already there\nLinks: 3 new, 0 already there');
    expect(await count()).toBe(3);
  });

  test('shows control characters of the files, and obeys none', async () => {
    const named = records(2).replace('o-0,BTC-USD', '\u001b]0;owned\u0007\u001b[2J\u009b2J,\u007f');
    const dry = await strategyProcess(['import', '--bot', 'x\u001b[2J', '--url', url, await file('names.csv', named)]);
    const printed = dry.stdout + dry.stderr;
    expect(printed).toContain('␛]0;owned␇␛[2J');
    expect(printed).toContain('Bot x␛[2J: ');
    expect(printed.replaceAll(/\p{Cc}\[(1|22)m/gu, '')).not.toMatch(/[^\P{Cc}\n\t]/u);
  });

  test('counts one of a kind in the singular', async () => {
    const { out } = await shown('--bot', 'one', await file('one.csv', records(1)));
    expect(out).toContain('one.csv: the old bot’s trade_records, 1 row\n');
    expect(out).toContain('Bot one: 1 fill of 1 order, 1 link, 0 snapshots\n');
    expect(out).toContain('  1 symbol: BTC-USD 1');
  });

  test('says which settings file cannot be read', async () => {
    const { code, error } = await shown('--config', '/nowhere.json', await file('settings.csv', records(1)));
    expect({ code, error }).toEqual({ code: 1, error: '/nowhere.json cannot be read: ENOENT\n' });
  });

  test.each([
    [[], 'missing operand: <file>…'],
    [['--format', 'excel', 'a'], '--format must be one of freqtrade-trades'],
    [['--time-zone', 'Mars', 'a'], '--time-zone must be an IANA time zone'],
    [['--stage', 'dev', '--url', 'http://127.0.0.1:1', 'a'], '--stage cannot be combined with --url'],
    [['--region', 'us-east-1', 'a'], '--region needs --stage'],
    [['--apply', 'a'], "Unknown option '--apply'"],
    [['--all', 'a'], "Unknown option '--all'"],
  ])('%j is a usage error', async (args, message) => {
    expect(await shown(...args)).toMatchObject({ code: 2, out: '', error: expect.stringContaining(message) });
  });

  test('names the address at which no service answers', async () => {
    const { code, error } = await shown('--yes', '--url', 'http://127.0.0.1:9', await file('a.csv', records(1)));
    expect([code, error]).toEqual([
      1,
      expect.stringContaining('nothing answers at http://127.0.0.1:9: start the service'),
    ]);
  });
});

/** A proxy of the service that fails after this number of requests. */
async function failingAfter(most: number): Promise<string> {
  let passed = 0;
  const proxy = createServer(async (request, response) => {
    passed += 1;
    if (passed > most) return response.writeHead(500).end('{}');
    const body = request.method === 'POST' ? await text(request) : undefined;
    const answer = await fetch(`${url}${request.url}`, {
      method: request.method ?? 'GET',
      ...(body && { body, headers: { 'content-type': 'application/json' } }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(await answer.text());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

test('an import that failed midway can be repeated, and only the missing items are new', async () => {
  const path = await file('many.csv', records(1050));
  // The first fills and the first links are sent at the same time.
  const failed = await imported('--bot', 'midway', '--yes', '--url', await failingAfter(2), path);
  expect(failed).toMatchObject({ code: 1, error: expect.stringContaining('run the same import again') });
  const { code, report } = await imported('--bot', 'midway', '--yes', path);
  expect(code).toBe(0);
  expect(report.sent).toMatchObject({
    fills: { new: 50, known: 1000 },
    links: { new: 550, known: 500 },
    refused: 0,
  });
});

test('without anything to import nothing is sent, and the output does not claim that it existed already', async () => {
  const { code, out } = await shown(
    '--yes',
    await file('open.csv', records(2).replaceAll(',100,', ',,').replaceAll('limit', '')),
  );
  expect(code).toBe(0);
  expect(out).toContain('Nothing can be imported.');
  expect(out).toMatch(/Nothing was sent\.\n$/);
});

test('items that the service refuses are counted with their reason, and the exit code is 1', async () => {
  const path = await file('first.csv', records(2));
  await imported('--bot', 'refused', '--yes', path);
  const { code, report } = await imported(
    '--bot',
    'refused',
    '--yes',
    await file('other.csv', records(3).replaceAll(',100,', ',101,')),
  );
  expect(code).toBe(1);
  expect(report.sent).toMatchObject({ fills: { new: 1, known: 0 }, refused: 2 });
  expect(report.refused).toMatchObject([{ count: 2, reason: expect.stringContaining('conflict') }]);
});
