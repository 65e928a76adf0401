import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { startApi } from '../../../local/api.ts';
import { everyPage } from '../../support/matching.ts';
import { startService } from '../../support/service.ts';
import { strategy } from '../strategy.ts';

const service = await startService();
const api = await startApi({ port: 0 });
const directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-hummingbot-'));
afterAll(async () => {
  await api.close();
  await rm(directory, { recursive: true, force: true });
});

const at = (hour: number) => Date.parse('2026-07-01T00:00:00Z') + hour * 3_600_000;
const FEE = JSON.stringify({ fee_type: 'AddedToCost', percent: '0.001', percent_token: null, flat_fees: [] });

/** A database of Hummingbot, and how to add a fill of one coin to it. */
function database(name: string) {
  const path = join(directory, name);
  const sqlite = new DatabaseSync(path);
  sqlite.exec(
    'CREATE TABLE TradeFill (market, symbol, timestamp, order_id, trade_type, price, amount, trade_fee, trade_fee_in_quote, exchange_trade_id, position)',
  );
  const insert = sqlite.prepare("INSERT INTO TradeFill VALUES ('kucoin', ?, ?, ?, ?, ?, 1000000, ?, 0, ?, 'NIL')");
  afterAll(() => sqlite.close());
  return {
    path,
    add(hour: number, side: 'BUY' | 'SELL', price: number, symbol = 'SOL-USDT') {
      insert.run(symbol, at(hour), `o-${hour}`, side, price * 1e6, FEE, `t-${hour}`);
    },
  };
}

const synced = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await strategy(['sync', 'hummingbot', '--url', api.url, '--json', ...args]);
  return { code, stderr, ...(stdout && JSON.parse(stdout)) };
};

const pnlOf = async (bot_id: string) =>
  (await everyPage(service, 'GET /trades', { bot_id }, 'trades')).map(({ pnl_usd }) => Number(pnl_usd.toFixed(9)));

const notesOf = async (bot_id: string) =>
  (await service.call('GET /snapshots', { query: { bot_id } })).body.snapshots.map(
    ({ notes }: { notes: string }) => notes,
  );

describe('a database of Hummingbot', () => {
  test('is sent once, then what is new, even while the bot has it open', async () => {
    const { path, add } = database('new.sqlite');
    add(1, 'BUY', 100);
    expect(await synced(path, '--bot', 'new')).toMatchObject({ code: 0, new: 1, snapshots: 1, refused: [] });
    add(2, 'SELL', 110);
    expect(await synced(path, '--bot', 'new')).toMatchObject({ code: 0, new: 1, known: 1, snapshots: 0 });
    // 110 − 0.11 − 100 − 0.10
    expect(await pnlOf('new')).toEqual([9.79]);
    expect(await notesOf('new')).toEqual(['new.sqlite']);
  });

  test('and the settings of its strategy: each change of the YAML becomes a snapshot', async () => {
    const { path, add } = database('settings.sqlite');
    const conf = join(directory, 'pmm_1.yml');
    await writeFile(conf, 'id: pmm_1\nbuy_spreads: [0.01, 0.02]\n');
    add(1, 'BUY', 100);
    const args = [path, '--bot', 'settings', '--config', conf];
    expect(await synced(...args)).toMatchObject({ code: 0, new: 1, snapshots: 1 });
    expect(await synced(...args)).toMatchObject({ code: 0, new: 0, snapshots: 0 });
    await writeFile(conf, 'id: pmm_1\nbuy_spreads: [0.01, 0.03]\n');
    expect(await synced(...args)).toMatchObject({ code: 0, new: 0, snapshots: 1 });
    const { body } = await service.call('GET /snapshots/current', { query: { bot_id: 'settings' } });
    expect(body).toMatchObject({ notes: 'pmm_1.yml', config: { id: 'pmm_1', buy_spreads: [0.01, 0.03] } });
  });

  test('a quote that is no dollar needs its price', async () => {
    const { path, add } = database('euro.sqlite');
    add(1, 'BUY', 100, 'SOL-EUR');
    const without = await synced(path, '--bot', 'euro');
    expect(without).toMatchObject({
      code: 1,
      new: 0,
      refused: [{ reason: expect.stringContaining('--quote-usd EUR=') }],
    });
    expect(await synced(path, '--bot', 'euro', '--quote-usd', 'EUR=1.08')).toMatchObject({ code: 0, new: 1 });
  });

  test.each([
    [['nowhere.sqlite'], 'there is no file nowhere.sqlite'],
    [['a.sqlite', '--config', 'nowhere.yml'], 'there is no file a.sqlite'],
  ])('%j is a failure with the reason', async (args, reason) => {
    expect(await synced(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) });
  });
});

test.each([
  ['hummingbot', 'trades', 'has no fills of Hummingbot (TradeFill): it has trades of freqtrade'],
  ['freqtrade', 'TradeFill', 'is a database of Hummingbot, not of freqtrade'],
])('sync %s refuses the database of the other bot, and says what it is', async (kind, table, message) => {
  const path = join(directory, `${table}.sqlite`);
  const sqlite = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  sqlite.exec(
    table === 'trades'
      ? await readFile('test/cli/sync/freqtrade.sql', 'utf8')
      : 'CREATE TABLE TradeFill (market, symbol, timestamp, order_id, trade_type, price, amount, trade_fee)',
  );
  sqlite.close();
  const run = await strategy(['sync', kind, '--url', api.url, '--bot', 'other-tool', path]);
  expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining(`${path} ${message}`) });
});

test('sync freqtrade refuses a table trades that is not freqtrade’s', async () => {
  const path = join(directory, 'another.sqlite');
  const sqlite = new DatabaseSync(path);
  sqlite.exec('CREATE TABLE trades (id, pair, open_rate)');
  sqlite.close();
  const { code, stderr } = await strategy(['sync', 'freqtrade', '--url', api.url, path]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('has no is_open, open_date') });
});
