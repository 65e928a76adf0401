import * as z from 'zod';
import type { Database } from '../../functions/database/database.ts';
import { sql, statement } from '../../functions/database/sql.ts';
import { readExport } from './file.ts';
import { names, stepsOf, type Table, tablesOf } from './tables.ts';
import { type Connection, inTransaction } from './transaction.ts';

/** Rows and characters per call; the Data API takes 4 MiB. */
const MOST_ROWS = 500;
const MOST_TEXT = 1_000_000;

/** Puts an export into an empty database, all of it or nothing. @returns how many rows
 *  @throws Error when the database is not empty or has another schema, or the file is truncated */
export async function restoreFrom(
  connection: Connection,
  path: string,
  onRows: (rows: number, table: string) => void,
): Promise<number> {
  const { head, rows } = await readExport(path);
  return inTransaction(connection, async (database) => {
    await checkSchema(database, head.steps);
    const tables = new Map((await tablesOf(database)).map((table) => [table.name, table]));
    let count = 0;
    let batch: { table: Table; rows: string[]; length: number } | null = null;
    const flush = async () => {
      if (!batch) return;
      await insert(database, batch.table, batch.rows);
      count += batch.rows.length;
      onRows(count, batch.table.name);
      batch = null;
    };
    for await (const { table: name, row } of rows) {
      const table = tables.get(name);
      if (!table) throw new Error(`${path} has rows of the table ${name}, which this release does not have`);
      if (batch && (batch.table !== table || batch.rows.length === MOST_ROWS || batch.length > MOST_TEXT))
        await flush();
      batch ??= { table, rows: [], length: 0 };
      batch.rows.push(row);
      batch.length += row.length;
    }
    await flush();
    for (const table of tables.values()) await advanceCounters(database, table);
    return count;
  });
}

async function checkSchema(database: Database, steps: readonly string[]): Promise<void> {
  const own = await stepsOf(database);
  if (own.join() !== steps.join())
    throw new Error(
      `the last migration of the export is ${steps.at(-1)}, that of the database ${own.at(-1)}: restore with the release that exported, then upgrade`,
    );
  const { empty } = await database.one(
    z.object({ empty: z.boolean() }),
    sql`SELECT NOT EXISTS (SELECT FROM bots) AND NOT EXISTS (SELECT FROM summary_runs) AS empty`,
  );
  if (!empty) throw new Error('the database is not empty: restore into a new database');
  await database.many(z.unknown(), statement('DELETE FROM trading_calendar'));
}

async function insert(database: Database, table: Table, rows: readonly string[]): Promise<void> {
  const columns = names(table.columns);
  await database.many(
    z.unknown(),
    sql`INSERT INTO ${names([table.name])} (${columns}) OVERRIDING SYSTEM VALUE
        SELECT ${columns} FROM jsonb_populate_recordset(NULL::${names([table.name])}, ${`[${rows.join(',')}]`}::jsonb)`,
  );
}

/** Identity columns continue after the last restored value. */
async function advanceCounters(database: Database, { name, counters }: Table): Promise<void> {
  for (const counter of counters)
    await database.many(
      z.unknown(),
      sql`SELECT setval(pg_get_serial_sequence(${name}, ${counter}), max(${names([counter])}))::text AS last
          FROM ${names([name])} HAVING max(${names([counter])}) IS NOT NULL`,
    );
}
