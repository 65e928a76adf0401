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

const reads = {
  'the comparison': { route: 'GET /comparison', query: { bot_id: 'ours' } },
  'its history': { route: 'GET /comparison/history', query: { bot_id: 'ours' } },
  'the report': { route: 'GET /report', query: { bot_id: 'ours', date: history.to, format: 'json' } },
  'the open positions': { route: 'GET /positions', query: { bot_id: 'ours' } },
  'the trades of a symbol': { route: 'GET /trades', query: { bot_id: 'ours', symbol: 'BTC-USD' } },
  'the coverage': { route: 'GET /coverage', query: { bot_id: 'ours', hours: 8784 } },
};

/** A report brings its days up to date first: test/functions/trades/growth.test.ts counts what that reads. */
const BRINGS_UP_TO_DATE = /\b(mark_days|matching_state|\w+_summary_run|summarise_step)\(/;

/** Blocks of 8 KB that the statements of a read use, all of them found in memory or not. Each runs twice in one session, because
 *  the first time a session reads the catalogue as well. */
async function blocksOf({ route, query }: (typeof reads)[keyof typeof reads]): Promise<number> {
  recorded = [];
  expect((await call(route, { query })).status).toBe(200);
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

const OTHERS = 1000;

beforeAll(async () => {
  for (const bot of ['ours', 'model']) await sendAll(call, [...posted(bot), computed(bot)]);
  await sql('ANALYZE');
});

/** Bots with the rows of the model: snapshots, fills, orders, trades, links, summaries and what is open. */
async function addOtherBots(): Promise<void> {
  const others = `(SELECT 'other ' || i AS other FROM generate_series(1, ${OTHERS}) AS i) AS others`;
  const columns = async (table: string, own: readonly string[]) => {
    const rows = await sql<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_name = $1 AND is_generated = 'NEVER' AND column_name <> ALL ($2)`,
      [table, ['bot_id', ...own]],
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
  const book = `model.book_id + 1000000 * (1 + substr(other, 7)::integer)`;
  await sql(`INSERT INTO bots (bot_id) SELECT other FROM ${others}`);
  await copy('strategy_snapshots', { snapshot_id: ofOther('model.snapshot_id'), rollback_of: 'NULL' });
  await copy('books', { book_id: book });
  await copy('fills', { book_id: book });
  await copy('orders', { book_id: book, snapshot_id: ofOther('model.snapshot_id') });
  await copy('trades', {
    trade_id: ofOther('model.trade_id'),
    entry_snapshot_id: ofOther('model.entry_snapshot_id'),
    exit_snapshot_id: ofOther('model.exit_snapshot_id'),
  });
  await copy('strategy_performance_summary', { snapshot_id: ofOther('model.snapshot_id') });
  await sql('ANALYZE');
}

test('a thousand other bots, each with as much, cost a read of ours no more than a level of each index', async () => {
  const alone: Record<string, number> = {};
  for (const [what, read] of Object.entries(reads)) alone[what] = await blocksOf(read);
  await addOtherBots();
  for (const [what, read] of Object.entries(reads)) {
    const blocks = await blocksOf(read);
    expect([what, blocks], `${alone[what]} blocks alone`).toEqual([
      what,
      expect.toSatisfy((used: number) => used <= 3 * (alone[what] ?? 0) + 50),
    ]);
  }
});
