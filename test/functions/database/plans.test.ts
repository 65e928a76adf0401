import { ExecuteStatementCommand, type ExecuteStatementCommandInput, RDSDataClient } from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../../functions/operations.ts';
import { makeHistory } from '../../bench/history.ts';
import { computed, idsOf, posted, reading, writing } from '../../reliability/cases.ts';
import { startService } from '../../support/service.ts';

const { call, fire, sql } = await startService();

/** Tables that grow with the activity of bots; each has tens of thousands of rows here. */
const growing = ['fills', 'orders', 'allocations', 'trades', 'trade_strategy_link', 'strategy_performance_summary'];
const FILLS = 60_000;
const bots = ['busy', 'small'];

/** Sessions of the service: the most of its pool. */
const SESSIONS = 20;

/** The distinct statements that the stores sent. */
const statements = new Map<string, ExecuteStatementCommandInput>();
const { send } = RDSDataClient.prototype;
RDSDataClient.prototype.send = function (this: RDSDataClient, ...call: Parameters<typeof send>) {
  const [{ input }] = call as unknown as [{ input: ExecuteStatementCommandInput }];
  if (input.sql) statements.set(input.sql, input);
  return send.apply(this, call);
} as typeof send;
afterAll(() => Reflect.deleteProperty(RDSDataClient.prototype, 'send'));

const scans = async () => {
  await sql('SELECT pg_stat_force_next_flush()');
  const rows = await sql<{ table: string; scans: number }>(
    'SELECT relname AS table, seq_scan::integer AS scans FROM pg_stat_user_tables WHERE relname = ANY ($1) ORDER BY 1',
    [growing],
  );
  return new Map(rows.map(({ table, scans }) => [table, scans]));
};

beforeAll(async () => {
  await call('POST /snapshots', { body: { bot_id: 'busy', config: { rsi: 1 }, active_from: '2025-02-28T00:00:00Z' } });
  const progress = () => {};
  const asOwner = async (text: string) => String(await sql(text));
  await makeHistory(
    { sql: asOwner, progress },
    { bot: 'busy', fills: FILLS, days: 365, until: '2026-03-01T00:00:00Z' },
  );
  await sql(`INSERT INTO trade_strategy_link (bot_id, order_id, by_client_order_id, snapshot_id, snapshot_given, attributed_at)
             SELECT bot_id, order_id, false, snapshot_id, false, attributed_at FROM orders WHERE bot_id = 'busy'`);
  for (const bot of bots) for (const write of [...posted(bot), computed(bot)]) await call(write.route, write);
  await call('POST /summaries', { body: { bot_id: 'busy', from: '2025-03-01', to: '2026-02-28' } });
  await manyOtherBots(100);
  await sql('ANALYZE');
});

/** Adds bots with a snapshot and a year of summaries each. */
async function manyOtherBots(count: number): Promise<void> {
  await sql(`INSERT INTO bots (bot_id) SELECT 'other ' || i FROM generate_series(1, ${count}) AS i`);
  await sql(`INSERT INTO strategy_snapshots (bot_id, active_from, active_until, config_hash, config)
             SELECT bot_id, '2025-03-01', '2026-03-01', repeat('0', 64), '{}' FROM bots WHERE bot_id LIKE 'other%'`);
  const columns = await sql<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_name = 'strategy_performance_summary' AND is_generated = 'NEVER' AND column_name NOT IN ('bot_id', 'snapshot_id')`,
  );
  const same = columns.map(({ name }) => `row.${name}`).join(', ');
  await sql(`INSERT INTO strategy_performance_summary (bot_id, snapshot_id, ${columns.map(({ name }) => name).join(', ')})
             SELECT other.bot_id, other.snapshot_id, ${same}
             FROM strategy_performance_summary row
             JOIN strategy_snapshots busy ON busy.snapshot_id = row.snapshot_id AND busy.bot_id = 'busy'
             CROSS JOIN strategy_snapshots other
             WHERE other.bot_id LIKE 'other%' AND row.date BETWEEN '2025-03-01' AND '2026-02-28' AND busy.active_from < '2025-03-01'`);
}

test('no operation and no nightly run scans a growing table sequentially, and nothing is sorted on disk', async () => {
  const before = await scans();
  const spilled = async () => {
    // Sessions report late what they did: those of the preparation would count below.
    await Promise.all(Array.from({ length: SESSIONS }, () => sql('SELECT pg_stat_force_next_flush(), pg_sleep(0.2)')));
    const [database] = await sql<{ files: number }>(
      'SELECT temp_files::integer AS files FROM pg_stat_database WHERE datname = current_database()',
    );
    return database?.files;
  };
  const files = await spilled();
  for (const bot of bots) {
    const ids = await idsOf(call, bot);
    const requests = {
      ...reading(bot, ids),
      ...Object.fromEntries(Object.entries(writing).map(([id, write]) => [id, write(bot, ids)])),
    };
    expect(Object.keys(requests).sort()).toEqual(operations.map(({ id }) => id).sort());
    const weekly = { route: 'GET /report', query: { bot_id: bot, date: '2026-03-01', kind: 'weekly', format: 'json' } };
    for (const { route, ...sending } of [...Object.values(requests), weekly])
      expect((await call(route, sending)).status, route).toBeLessThan(300);
  }
  await fire('daily-summary', '2026-03-02T00:05:00Z');
  const after = await scans();
  expect(
    Object.fromEntries(growing.map((table) => [table, (after.get(table) ?? 0) - (before.get(table) ?? 0)])),
  ).toEqual(Object.fromEntries(growing.map((table) => [table, 0])));
  expect(await spilled()).toBe(files);
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Sort Space Type'?: string;
  readonly Plans?: readonly Plan[];
}
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe('each statement of the stores', () => {
  test('is served by indexes; otherwise the failure shows its plan', async () => {
    expect(statements.size).toBeGreaterThan(25);
    const client = new RDSDataClient({});
    const poor: string[] = [];
    for (const [text, input] of statements) {
      if (!/^\s*(SELECT|WITH)/i.test(text)) continue;
      // Plans do not show what happens inside functions; the scan counts above cover that. Repeated statements change nothing.
      const { records } = await client.send(
        new ExecuteStatementCommand({ ...input, sql: `EXPLAIN (ANALYZE, FORMAT JSON) ${text}` }),
      );
      const [{ Plan: plan }] = JSON.parse(records?.[0]?.[0]?.stringValue ?? '[{}]') as [{ Plan: Plan }];
      const bad = nodesOf(plan).filter(
        (node) =>
          (node['Node Type'] === 'Seq Scan' && growing.includes(node['Relation Name'] ?? '')) ||
          node['Sort Space Type'] === 'Disk',
      );
      if (bad.length > 0)
        poor.push(`${bad.map((node) => `${node['Node Type']} of ${node['Relation Name']}`).join(', ')}: ${text}`);
    }
    expect(poor).toEqual([]);
  });
});
