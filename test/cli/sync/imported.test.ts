import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { strategy } from '../strategy.ts';
import { figures, restTrades, startSynchronising } from './synchronising.ts';

const { service, url, synced, database, trades } = await startSynchronising();
const RATES = ['--quote-usd', 'EUR=1.08,BTC=97000'];
/** All orders that were filled. */
const FILLS = 53;

const imported = (bot: string, ...args: readonly string[]) =>
  strategy(['import', '--url', url, '--bot', bot, '--yes', ...RATES, ...args]);

test('a database that was synchronised and then imported has each trade once', async () => {
  const file = await database();
  await synced(file, '--bot', 'sync-first', ...RATES);
  const { code, stdout } = await imported('sync-first', file);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining(`Fills: 0 new, ${FILLS} already there`),
  });
  expect((await trades('sync-first')).size).toBe(figures.trades + 2);
});

test('a database that was imported and then synchronised has each trade once, with the profit of freqtrade', async () => {
  const file = await database();
  expect((await imported('import-first', file)).stdout).toContain(`Fills: ${FILLS} new`);
  const nothing = { new: 0, corrected: 0, known: FILLS, refused: [] };
  expect(await synced(file, '--bot', 'import-first', ...RATES)).toMatchObject({ code: 0, ...nothing });
  const { body } = await service.call('GET /trades', { query: { bot_id: 'import-first', limit: 500 } });
  expect(body.trades).toHaveLength(figures.trades + 2);
  expect((await trades('import-first')).get('1')?.pnl_usd).toBeCloseTo(figures.profits['1'] ?? 0, 7);
});

test('a name that the strategy has stored in the database begins the ids of both', async () => {
  const file = await database(
    "INSERT INTO trade_custom_data (id, ft_trade_id, cd_key, cd_type, cd_value, created_at) VALUES (1, 1, 'strategy_snapshots_name', 'str', 'mine', '2026-03-01')",
  );
  await synced(file, '--bot', 'named', ...RATES);
  expect((await imported('named', file)).stdout).toContain(`Fills: 0 new, ${FILLS} already there`);
});

test('JSON of its trades, which has other ids, is refused where the database was sent, and the other way round', async () => {
  const [file, json] = [await database(), `${await database()}.json`];
  await writeFile(json, JSON.stringify({ trades: restTrades, trades_count: restTrades.length }));
  await synced(file, '--bot', 'database-first', ...RATES);
  const later = await imported('database-first', json);
  expect(later).toMatchObject({ code: 1, stderr: expect.stringContaining('strategy sync freqtrade') });
  expect((await trades('database-first')).size).toBe(figures.trades + 2);

  expect((await imported('json-first', json)).code).toBe(0);
  for (const again of [await synced(file, '--bot', 'json-first', ...RATES), await imported('json-first', file)])
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('would have it twice') });
  const { body } = await service.call('GET /trades', { query: { bot_id: 'json-first', limit: 500 } });
  expect(body.trades).toHaveLength(figures.trades + 2);
});
