import { beforeEach, describe, expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const service = await startService();

const hash = 'a'.repeat(64);
let bot_id: string;
let snapshot_id: number;
beforeEach(async () => {
  bot_id = `bot-${crypto.randomUUID()}`;
  await service.call('POST /snapshots', { body: { bot_id, config: { a: 0 }, active_from: '2026-01-01T00:00:00Z' } });
  snapshot_id = (
    await service.call('POST /snapshots', { body: { bot_id, config: { a: 1 }, active_from: '2026-01-10T00:00:00Z' } })
  ).body.snapshot_id;
});

const snapshot = (from: string, until: string | null, config = '{}', config_hash = hash) =>
  service.sql(
    'INSERT INTO strategy_snapshots (bot_id, active_from, active_until, config_hash, config) VALUES ($1, $2, $3, $4, $5)',
    [bot_id, from, until, config_hash, config],
  );
const fill = (values: object) => {
  const row = {
    bot_id,
    fill_id: 'f',
    order_id: 'o',
    book_id: 1,
    side: 'buy',
    price: 1,
    size: 1,
    filled_at: '2026-01-02',
    ...values,
  };
  return service.sql(
    `INSERT INTO fills (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
      .map((_, i) => `$${i + 1}`)
      .join(', ')})`,
    Object.values(row),
  );
};

describe('the database rejects', () => {
  test('a second active snapshot of a bot', async () => {
    await expect(snapshot('2026-02-01', null)).rejects.toThrow(/one_active_snapshot_per_bot|periods_never_overlap/);
  });

  test('a period that overlaps another of the bot', async () => {
    await expect(snapshot('2025-12-01', '2026-01-01T00:00:00.000001Z')).rejects.toThrow('periods_never_overlap');
    await expect(snapshot('2026-01-02', '2026-01-03')).rejects.toThrow('periods_never_overlap');
    await snapshot('2025-12-01', '2026-01-01T00:00:00Z');
  });

  test('a period that is empty or reversed', async () => {
    await expect(snapshot('2025-01-01', '2025-01-01')).rejects.toThrow(/check/);
    await expect(snapshot('2025-01-02', '2025-01-01')).rejects.toThrow(/check|range/);
  });

  test('a config that is not a JSON object, and an invalid hash', async () => {
    await expect(snapshot('2025-01-01', '2025-01-02', '[]')).rejects.toThrow(/check/);
    await expect(snapshot('2025-01-01', '2025-01-02', '{')).rejects.toThrow(/check/);
    await expect(snapshot('2025-01-01', '2025-01-02', '{}', 'abc')).rejects.toThrow(/check/);
  });

  test.each([
    ['a side that is neither', { side: 'hold' }],
    ['a size of 0', { size: 0 }],
    ['a size of NaN', { size: 'NaN' }],
    ['an infinite price', { price: 'Infinity' }],
    ['a negative price', { price: -1 }],
    ['a fee of NaN', { fee_usd: 'NaN' }],
  ])('a fill with %s', async (_, wrong) => {
    await expect(fill(wrong)).rejects.toThrow(/check/);
  });

  test('the same fill twice', async () => {
    await fill({});
    await expect(fill({})).rejects.toThrow(/duplicate key/);
  });

  test('two links for one order', async () => {
    const link = () =>
      service.sql(
        "INSERT INTO trade_strategy_link (bot_id, order_id, by_client_order_id, snapshot_given) VALUES ($1, 'o', false, false)",
        [bot_id],
      );
    await link();
    await expect(link()).rejects.toThrow(/duplicate key/);
  });

  test('a link to another bot’s snapshot', async () => {
    const other = `bot-${crypto.randomUUID()}`;
    await service.call('POST /snapshots', { body: { bot_id: other, config: {} } });
    await expect(
      service.sql(
        "INSERT INTO trade_strategy_link (bot_id, order_id, by_client_order_id, snapshot_given, snapshot_id) VALUES ($1, 'o', false, true, $2)",
        [other, snapshot_id],
      ),
    ).rejects.toThrow(/foreign key/);
  });

  test('two summary rows for one snapshot and day', async () => {
    await service.call('POST /summaries', { body: { bot_id, from: '2026-01-12', to: '2026-01-13' } });
    await expect(
      service.sql("UPDATE strategy_performance_summary SET date = '2026-01-12' WHERE snapshot_id = $1", [snapshot_id]),
    ).rejects.toThrow(/duplicate key/);
  });
});

describe('the role of the functions', () => {
  const asApp = async (statement: string) => {
    await service.sql(`DO $do$ BEGIN SET LOCAL ROLE app; ${statement}; END $do$`);
  };

  test.each([
    "INSERT INTO bots (bot_id) VALUES ('x')",
    'UPDATE fills SET price = 1',
    'DELETE FROM strategy_snapshots',
    "PERFORM set_trading_time_zone('UTC')",
  ])('may not: %s', async (statement) => {
    await expect(asApp(statement)).rejects.toThrow(/permission denied/);
  });

  test.each([
    'bots',
    'fills',
    'strategy_comparison',
    'current_strategies',
    'current_strategy',
    'trades',
    'applied_migrations',
  ])('may read %s', async (table) => {
    await asApp(`PERFORM 1 FROM ${table}`);
  });
});
