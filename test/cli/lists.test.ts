import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startApi } from '../../local/api.ts';
import { startService } from '../support/service.ts';
import { strategy, strategyProcess } from './strategy.ts';

const service = await startService();
const api = await startApi({ port: 0 });
const directory = await mkdtemp(join(tmpdir(), 'strategy-lists-'));
afterAll(async () => {
  await api.close();
  await rm(directory, { recursive: true, force: true });
});

test('trades in 80 columns have their whole day and time, and long symbols and exits are cut instead', async () => {
  const fill = (side: string, price: string, hour: number) => ({
    ...{ bot_id: 'long', fill_id: side, order_id: side, symbol: 'LONGNAMECOIN/USDT', side, price, size: '1' },
    ...{ fee_usd: '0', filled_at: `2026-03-05T0${hour}:30:00Z` },
  });
  await service.call('POST /fills', { body: [fill('buy', '1000', 1), fill('sell', '2500', 4)] });
  await service.call('POST /trade-links', {
    body: { bot_id: 'long', order_id: 'sell', signal_time: '2026-03-05T04:30:00Z', exit_reason: 'trailing_stop_loss' },
  });
  const { stdout } = await strategy(['trades', '--url', api.url, '--bot', 'long'], 80);
  expect(stdout).toMatch(
    /^ {2}[0-9a-f]{8} {2}2026-03-05 {2}04:30 {2}LONGN\S+… {2}long {2}\$1,500.00 {2}3.0 h {2}trail\S*…$/m,
  );
});

test.each(['--from', '--to'])(
  'trades %s with a day that does not exist says that a day is possible',
  async (option) => {
    const { code, stderr } = await strategy(['trades', '--url', api.url, option, '2026-13-01']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining(`${option} must be a day such as 2026-11-22, or a time with an offset`),
    });
  },
);

test('recipients sets who gets the reports of a bot, lists them, and takes them back', async () => {
  const recipients = (...args: string[]) => strategy(['recipients', '--url', api.url, ...args], 80);
  expect((await recipients()).stdout).toContain('No bot has recipients of its own');
  await service.call('POST /snapshots', { body: { bot_id: 'abroad', config: {} } });
  const times = ['--time-zone', 'America/New_York', '--quiet', '22:00-08:30'];
  const { stdout } = await recipients('ann@example.org', 'bob@example.org', '--bot', 'abroad', ...times);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'Reports of abroad: to ann@example.org and bob@example.org, by the clock of America/New_York, never from 22:00 to 08:30.',
  );
  expect((await recipients()).stdout).toMatch(
    /^ {2}abroad {2}ann@example.org, bob@example.org {2}America\/New_York {2}22:00-08:30$/m,
  );
  expect((await recipients('--bot', 'abroad', '--deployment')).stdout).toContain('to the recipients of the deployment');
  expect((await recipients()).stdout).toContain('No bot has recipients of its own');
});

test.each([
  ['an address that is none', ['ann', '--bot', 'abroad'], 'must be an email address'],
  ['quiet hours without end', ['ann@example.org', '--bot', 'abroad', '--quiet', '22:00'], 'two times of day'],
  ['quiet hours with more behind', ['ann@example.org', '--quiet', '22:00-07:00-x'], 'two times of day'],
  ['a time zone alone', ['--bot', 'abroad', '--time-zone', 'Asia/Tokyo'], 'need the addresses'],
  ['both addresses and --deployment', ['ann@example.org', '--deployment'], 'cannot be combined'],
  ['an unknown bot', ['ann@example.org', '--bot', 'nobody'], 'there is no bot nobody'],
])('recipients with %s says what is wrong', async (_, args, message) => {
  const { code, stderr } = await strategy(['recipients', '--url', api.url, ...args]);
  expect({ code, stderr }).toEqual({ code: expect.toSatisfy((n) => n > 0), stderr: expect.stringContaining(message) });
});

test('bots names the running test of a bot', async () => {
  await service.call('POST /snapshots', { body: { bot_id: 'tested', config: { rsi: 1 } } });
  expect((await strategy(['bots', '--url', api.url])).stdout).not.toContain('Running tests');
  const { body } = await service.call('POST /experiments', {
    body: { bot_id: 'tested', design: 'switchback', candidate: { config: { rsi: 2 } } },
  });
  await service.sql("UPDATE experiments SET starts_at = now() - interval '1 hour' WHERE experiment_id = $1", [
    body.experiment_id,
  ]);
  const { stdout } = await strategy(['bots', '--url', api.url]);
  expect(stdout).toContain(`Running tests: tested ${body.experiment_id.slice(0, 8)}.`);
});

test('export in a folder without data says so, and creates nothing', async () => {
  const [data, file] = [join(directory, 'none'), join(directory, 'backup.jsonl')];
  const { code, stderr } = await strategyProcess(['export', file], { DATA_DIR: data, DATABASE_URL: undefined });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`there is no data in ${data}`) });
  expect([data, file].filter((path) => existsSync(path))).toEqual([]);
});
