import {
  BeginTransactionCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  RDSDataClient,
  RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { computed, history, posted } from '../../reliability/cases.ts';
import { sendAll } from '../../reliability/writes.ts';
import { startService } from '../../support/service.ts';

const { call, sql } = await startService();

let recorded: ExecuteStatementCommandInput[] = [];
const send = RDSDataClient.prototype.send;
RDSDataClient.prototype.send = function (this: RDSDataClient, ...args: unknown[]) {
  const { input } = args[0] as { input: ExecuteStatementCommandInput };
  if (input.sql) recorded.push(input);
  return Reflect.apply(send, this, args);
} as typeof send;
afterAll(() => Reflect.deleteProperty(RDSDataClient.prototype, 'send'));

const { from, to } = history;
/** Each with its query, without the bot. */
const reads: Readonly<Record<string, { route: string; query?: Readonly<Record<string, string | number>> }>> = {
  'the comparison': { route: 'GET /comparison' },
  'its history': { route: 'GET /comparison/history' },
  'the plan': { route: 'GET /comparison/plan', query: { effect: 1 } },
  'the report': { route: 'GET /report', query: { date: to, format: 'json' } },
  'the weekly review': { route: 'GET /report', query: { date: to, format: 'json', kind: 'weekly', detail: 'full' } },
  'the open positions': { route: 'GET /positions' },
  'the trades': { route: 'GET /trades' },
  'the trades of a symbol': { route: 'GET /trades', query: { symbol: 'BTC-USD' } },
  'the trades by groups': { route: 'GET /trades/groups', query: { from, to } },
  'the coverage': { route: 'GET /coverage', query: { hours: 8784 } },
  'the summaries': { route: 'GET /summaries' },
  'the P&L of its days': { route: 'GET /summaries/pnl' },
  'the plan of an experiment': { route: 'GET /experiments/plan' },
};

/** A report brings its days up to date first: test/functions/trades/growth.test.ts counts what that reads. */
const BRINGS_UP_TO_DATE = /\b(mark_days|matching_state|\w+_summary_run|summarise_step)\(/;

/** Blocks of 8 KB that the statements of a read of our bot use, all of them found in memory or not. Each runs twice in one session,
 *  because the first time a session reads the catalogue as well. */
async function blocksOf(what: string): Promise<number> {
  const { route = '', query } = reads[what] ?? {};
  recorded = [];
  expect([what, (await call(route, { query: { bot_id: 'ours', ...query } })).status]).toEqual([what, 200]);
  const statements = recorded.filter(({ sql = '' }) => /^\s*(SELECT|WITH)/i.test(sql) && !BRINGS_UP_TO_DATE.test(sql));
  expect(statements).not.toEqual([]);
  const client = new RDSDataClient({});
  const rds = (command: unknown) => Reflect.apply(send, client, [command]);
  let blocks = 0;
  for (const statement of statements) {
    const { resourceArn, secretArn, database } = statement;
    const { transactionId } = await rds(new BeginTransactionCommand({ resourceArn, secretArn, database }));
    const explained = { ...statement, transactionId, sql: `EXPLAIN (ANALYZE, BUFFERS) ${statement.sql}` };
    await rds(new ExecuteStatementCommand(explained));
    const { records } = await rds(new ExecuteStatementCommand(explained));
    await rds(new RollbackTransactionCommand({ resourceArn, secretArn, transactionId }));
    // The first line is that of the whole statement.
    const lines: string[] = records.map(([line]: { stringValue: string }[]) => line?.stringValue ?? '');
    const total = lines.find((line) => line.includes('Buffers: shared')) ?? '';
    for (const [, count] of total.matchAll(/(?:hit|read)=(\d+)/g)) blocks += Number(count);
  }
  return blocks;
}

beforeAll(async () => {
  for (const bot of ['ours', 'model']) await sendAll(call, [...posted(bot), computed(bot)]);
  await sql('ANALYZE');
});

/** Adds a thousand bots with the rows of the model: snapshots, fills, orders, trades, links, summaries and what is open. */
async function addOtherBots(): Promise<void> {
  const others = `(SELECT 'other ' || i AS other, i AS number FROM generate_series(1, 1000) AS i) AS others`;
  const columns = async (table: string, own: readonly string[]) => {
    const rows = await sql<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_name = $1 AND is_generated = 'NEVER' AND column_name <> ALL ($2)`,
      [table, ['bot_id', 'link_id', ...own]],
    );
    return rows.map(({ name }) => `"${name}"`);
  };
  const copy = async (table: string, own: Readonly<Record<string, string>> = {}) => {
    const same = await columns(table, Object.keys(own));
    const names = ['bot_id', ...Object.keys(own), ...same].join(', ');
    const values = ['other', ...Object.values(own), ...same.map((name) => `model.${name}`)].join(', ');
    await sql(
      `INSERT INTO ${table} (${names}) SELECT ${values} FROM ${table} model CROSS JOIN ${others} WHERE model.bot_id = 'model'`,
    );
  };
  const ofOther = (column: string) => `md5(other || ${column}::text)::uuid`;
  const snapshot_id = ofOther('model.snapshot_id');
  const book_id = 'model.book_id + 1000000 * number';
  await sql(`INSERT INTO bots (bot_id) SELECT other FROM ${others}`);
  await copy('strategy_snapshots', { snapshot_id, rollback_of: 'NULL' });
  await copy('books', { book_id });
  await copy('fills', { book_id });
  await copy('orders', { book_id, snapshot_id });
  await copy('trade_strategy_link', { snapshot_id });
  await copy('trades', {
    trade_id: ofOther('model.trade_id'),
    entry_snapshot_id: ofOther('model.entry_snapshot_id'),
    exit_snapshot_id: ofOther('model.exit_snapshot_id'),
  });
  await copy('strategy_performance_summary', { snapshot_id });
  await sql('ANALYZE');
}

test('a thousand other bots, each with as much, cost a read of ours no more than a level of each index', async () => {
  const alone: Record<string, number> = {};
  for (const what of Object.keys(reads)) alone[what] = await blocksOf(what);
  await addOtherBots();
  for (const what of Object.keys(reads)) {
    const blocks = await blocksOf(what);
    expect([what, blocks], `${alone[what]} blocks alone`).toEqual([
      what,
      expect.toSatisfy((used: number) => used <= 3 * (alone[what] ?? 0) + 50),
    ]);
  }
});
