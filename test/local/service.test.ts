import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { lockDirectory } from '../../packages/rds-data-local/src/engines/directory-lock.ts';
import { initialiseDataDirectory } from '../../packages/rds-data-local/test/support/initialised.ts';
import { maySetUpDisks, smallDisk } from '../../packages/rds-data-local/test/support/small-disk.ts';
import { strategyProcess } from '../cli/strategy.ts';
import { type StartProcess, startProcess } from './start-process.ts';

/** The tests run one after the other on one data directory, as repeated starts do. */
let directory: string;
let service: StartProcess;
const started: StartProcess[] = [];

const start = (settings: Readonly<Record<string, string>> = {}) => {
  const process = startProcess({ DATA_DIR: directory, ...settings });
  started.push(process);
  return process;
};
const api = async (path: string, init?: RequestInit) => fetch(`${(await service.ready).api}${path}`, init);
const post = (path: string, body: unknown) =>
  api(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const expectDatabaseToHaveStopped = () => lockDirectory(directory).release();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-service-'));
  service = start({ WEEKLY_REVIEW: 'off' });
  await service.ready;
});

afterAll(async () => {
  for (const each of started) each.killGroup('SIGKILL');
  for (const each of started) await each.ended;
  await rm(directory, { recursive: true, force: true });
});

test('the page, the API, the report, the contract and the inbox answer at the printed addresses', async () => {
  const [page = '', apiAddress = '', ...others] = [...service.output().matchAll(/http\S+/g)].map(
    ([address]) => address,
  );
  const answers = await Promise.all(others.map((address) => fetch(address)));
  expect(others.map((address) => new URL(address).pathname)).toEqual(['/report', '/openapi.json', '/']);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  // The paths of the operations start at the address of the API.
  expect(new URL(page).origin).toBe(apiAddress);
  expect(await fetch(page, { redirect: 'manual' })).toMatchObject({ status: 303 });
  expect(await (await api('/health')).json()).toMatchObject({ status: 'ok' });
});

test('an id of any length that the contract allows is looked up, and is no error of the address', async () => {
  const longest = encodeURIComponent('ü'.repeat(200));
  expect((await api(`/trade-links/${longest}`)).status).toBe(404);
  expect((await api(`/trade-links/${encodeURIComponent('ü'.repeat(201))}`)).status).toBe(400);
});

test('a path that begins with two slashes is unknown, and no failure', async () => {
  const { api: url } = await service.ready;
  for (const path of ['//:99999/', '//evil.example/health']) {
    const { hostname, port } = new URL(url);
    const [response] = await once(request({ hostname, port, path }).end(), 'response');
    response.resume();
    expect(response.statusCode, path).toBe(404);
  }
});

test('a page that reaches loopback under its own host name is refused', async () => {
  const { api: url } = await service.ready;
  const statusFor = async (host: string) => {
    const [response] = await once(request(`${url}/health`, { headers: { host } }).end(), 'response');
    response.resume();
    return response.statusCode;
  };
  expect(await statusFor('attacker.example')).toBe(403);
  expect(await statusFor('localhost.attacker.example:3000')).toBe(403);
  expect(await statusFor('localhost')).toBe(200);
});

test('a cross-site request can neither write nor fire a schedule', async () => {
  const { api: url } = await service.ready;
  const statusFrom = async (origin: string, path: string) => {
    // As a browser sends a blob without a type, which needs no preflight.
    const sent = request(`${url}${path}`, { method: 'POST', headers: { origin } }).end('{"config":{"rsi":1}}');
    const [response] = await once(sent, 'response');
    response.resume();
    return response.statusCode;
  };
  const foreign = ['https://attacker.example', 'http://127.0.0.1:1', 'null'];
  for (const path of ['/snapshots', '/_local/schedules/weekly-review?at=2026-10-05T07:00:00Z']) {
    expect(await Promise.all(foreign.map((origin) => statusFrom(origin, path)))).toEqual([403, 403, 403]);
  }
  expect(await (await api('/snapshots')).json()).toMatchObject({ snapshots: [] });
  // A request of its own page is allowed: this one fails only because of its query.
  expect(await statusFrom(new URL(url).origin, '/_local/schedules/weekly-review?at=yesterday')).toBe(400);
});

test('a schedule that is fired manually mails the report of the previous day to the inbox', async () => {
  const fired = await api('/_local/schedules/daily-report?at=2026-11-03T07:00:00Z', { method: 'POST' });
  expect(await fired.json()).toEqual({ date: '2026-11-02', sent: 1 });
  const { mails } = (await (await fetch(`${(await service.ready).inbox}/mails`)).json()) as {
    mails: { subject: string }[];
  };
  expect(mails).toMatchObject([{ subject: expect.stringContaining('2 November 2026') }]);
  expect((await api('/_local/schedules/daily-report?at=yesterday', { method: 'POST' })).status).toBe(400);
  expect((await api('/_local/schedules/daily-report?resend=maybe', { method: 'POST' })).status).toBe(400);
  expect((await api('/_local/schedules/daily-report?when=now', { method: 'POST' })).status).toBe(400);
});

test('the weekly review can be fired manually even when its schedule is off', async () => {
  const fired = await api('/_local/schedules/weekly-review?at=2026-11-02T07:00:00Z', { method: 'POST' });
  expect(await fired.json()).toEqual({ date: '2026-11-01', sent: 1 });
});

describe('strategy report', () => {
  const report = async (...args: string[]) => {
    const { api: url } = await service.ready;
    return strategyProcess(['report', ...args], { PORT: new URL(url).port });
  };

  test('prints a report, and resends one only to those not known to have it: here to none', async () => {
    const [text, json, again] = await Promise.all([
      report('--date', '2026-11-02'),
      report('--date', '2026-11-01', '--kind', 'weekly', '--format', 'json'),
      report('--date', '2026-11-02', '--resend'),
    ]);
    expect(text).toMatchObject({ code: 0, stdout: expect.stringContaining('2 November 2026'), stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'weekly', date: '2026-11-01' });
    expect(again).toMatchObject({
      code: 0,
      stdout: 'Nothing was mailed: every recipient is known to have the daily report of 2026-11-02.\n',
    });
  });

  test('reports what is wrong with the command line, the day or the address', async () => {
    const [usage, day, address] = await Promise.all([
      report('--resend'),
      report('--date', '2999-01-01'),
      report('--url', 'http://127.0.0.1:9'),
    ]);
    expect(usage).toMatchObject({ code: 2, stderr: expect.stringContaining('--resend needs --date') });
    expect(day).toMatchObject({ code: 1, stderr: expect.stringContaining('must not be in the future') });
    expect(address).toMatchObject({ code: 1, stderr: expect.stringContaining('start the service with npm start') });
  });
});

test('a second start on the same data directory is refused, and does not disturb the first', async () => {
  const second = start();
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`the data directory ${directory} is in use by another process`);
  expect((await api('/health/database')).status).toBe(200);
});

test('kill -9 in the middle of writing loses nothing that was acknowledged', async () => {
  const bots = ['one', 'two', 'three'];
  const acknowledged: string[] = [];
  const write = async (bot_id: string) => {
    for (let n = 1; ; n++) {
      const answer = await post('/snapshots', { bot_id, config: { n } }).catch(() => null);
      if (answer === null) return;
      expect(answer.status).toBe(201);
      acknowledged.push(`${bot_id} ${((await answer.json()) as { config_hash: string }).config_hash}`);
    }
  };
  const writers = bots.map(write);
  await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(20);
  service.kill('SIGKILL');
  await Promise.allSettled(writers);

  service = start();
  await service.ready;
  const kept = await Promise.all(
    bots.map(async (bot_id) => {
      const { snapshots } = (await (await api(`/snapshots?bot_id=${bot_id}&limit=500`)).json()) as {
        snapshots: { config_hash: string }[];
      };
      return snapshots.map(({ config_hash }) => `${bot_id} ${config_hash}`);
    }),
  );
  expect(kept.flat()).toEqual(expect.arrayContaining(acknowledged));
});

test('SIGTERM stops it cleanly, its database included', async () => {
  service.kill('SIGTERM');
  expect(await service.ended).toBe(0);
  expectDatabaseToHaveStopped();
});

test('a port in use gives a clear error, and no process is left', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const second = start({ PORT: String(port) });
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`port ${port} is taken: stop what listens there, or set PORT to another port`);
  expectDatabaseToHaveStopped();
  taken.close();
});

test('Ctrl-C stops it cleanly, its database included', async () => {
  service = start();
  await service.ready;
  service.killGroup('SIGINT');
  expect(await service.ended).toBe(0);
  expectDatabaseToHaveStopped();
});

test('when its database is killed, another one goes on from what is stored, and it says so', async () => {
  service = start();
  await service.ready;
  expect((await post('/snapshots', { bot_id: 'outlives', config: { n: 1 } })).status).toBe(201);
  service.killDatabase();
  const status = () => api('/health/database').then(({ status }) => status);
  await expect.poll(service.output, { timeout: 30_000 }).toContain('another one goes on from what is stored');
  await expect.poll(status, { timeout: 30_000 }).toBe(200);
  expect(await (await api('/snapshots/current?bot_id=outlives')).json()).toMatchObject({ config: { n: 1 } });
  expect((await post('/snapshots', { bot_id: 'outlives', config: { n: 2 } })).status).toBe(201);
});

test('a signal stops it even if its database does nothing any more', async () => {
  service.killDatabase('SIGSTOP');
  service.killGroup('SIGINT');
  expect(await service.ended).toBe(0);
  expectDatabaseToHaveStopped();
});

test('a signal ends it even if its database never gets ready', async () => {
  service = start();
  await expect.poll(service.databases, { interval: 20 }).toHaveLength(1);
  service.killDatabase('SIGSTOP');
  service.kill('SIGINT');
  await expect.poll(service.running, { timeout: 30_000 }).toBe(false);
  service.killGroup('SIGKILL');
  await service.ended;
});

test.skipIf(!maySetUpDisks())(
  'on a full disk, every call is refused at once with the reason, and it goes on when there is space (needs a disk of its own: root)',
  async () => {
    const disk = smallDisk(300e6);
    onTestFinished(disk.unmount);
    service = start({ DATA_DIR: await initialiseDataDirectory(join(disk.directory, 'data')) });
    await service.ready;
    expect((await post('/snapshots', { config: { n: 1 } })).status).toBe(201);
    disk.fillTo(8e6);
    for (const answer of await Promise.all([post('/snapshots', { config: { n: 2 } }), api('/health/database')])) {
      expect(answer).toMatchObject({ status: 503 });
      expect(answer.headers.get('retry-after')).toBe('20');
      expect(await answer.json()).toMatchObject({ detail: 'the disk of the database is full' });
    }
    await expect
      .poll(service.output, { timeout: 30_000 })
      .toMatch(/… the disk of .* is full: \d MB are free, 32 MB are needed/);
    disk.empty();
    expect((await api('/health/database')).status).toBe(200);
    await expect.poll(service.output, { timeout: 30_000 }).toMatch(/… the disk of .* has space again/);
    expect(await (await api('/snapshots')).json()).toMatchObject({ snapshots: [{ notes: null }] });
    service.kill('SIGTERM');
    expect(await service.ended).toBe(0);
  },
);

test('every wrong setting is named', async () => {
  const wrong = start({
    PORT: '70000',
    INBOX_PORT: 'x',
    TRADING_TIME_ZONE: 'Mars/Olympus',
    REPORT_HOUR: '25',
    WEEKLY_REVIEW: 'someday',
    REPORT_SENDER: 'me',
    REPORT_REPLY_TO: 'you',
    DATABASE_URL: 'mysql://localhost',
  });
  expect(await wrong.ended).toBe(1);
  const names = wrong
    .output()
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  expect(names).toEqual([
    'TRADING_TIME_ZONE',
    'REPORT_HOUR',
    'WEEKLY_REVIEW',
    'REPORT_SENDER',
    'REPORT_REPLY_TO',
    'PORT',
    'INBOX_PORT',
    'DATABASE_URL',
  ]);
});
