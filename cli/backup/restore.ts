import * as z from 'zod';
import type { Connection } from '../../functions/database/data-api.ts';
import type { Database } from '../../functions/database/database.ts';
import { sql, statement } from '../../functions/database/sql.ts';
import { type Head, NewerExport, readExport } from './file.ts';
import { RELEASE } from './release.ts';
import { fromRelease01, LAST_MIGRATION_OF_0_1, recordSetAside, type SetAside } from './release-0-1.ts';
import { withoutSecrets } from './secrets.ts';
import { migrationsOf, names, type Table, tablesOf } from './tables.ts';
import { inLongTransaction } from './transaction.ts';

/** Rows and characters per call; the Data API takes 4 MiB. */
const MOST_ROWS = 500;
const MOST_TEXT = 1_000_000;

/** Restores an export of this release or of version 0.1 into an empty database, atomically. @returns the number of rows
 *  @throws Error when the database is not empty, or when the export is of another release or truncated */
export async function restoreFrom(
  connection: Connection,
  path: string,
  onRows: (rows: number, table: string) => void,
): Promise<number> {
  const { head, rows } = await readExport(path);
  return inLongTransaction(connection, async (database) => {
    expectFit(path, head, await migrationsOf(database));
    const tables = new Map((await tablesOf(database)).map((table) => [table.name, table]));
    const tableNamed = (name: string): Table => {
      const table = tables.get(name);
      if (!table) throw new Error(`${path} has rows of the table ${name}, which this release does not have`);
      return table;
    };
    await expectEmpty(database, [...tables.values()]);
    await database.many(z.unknown(), statement('DELETE FROM trading_calendar'));
    // A snapshot may come before the one that it was rolled back to.
    await database.many(z.unknown(), statement('SET CONSTRAINTS ALL DEFERRED'));
    let count = 0;
    let batch: { table: Table; rows: string[]; length: number } | null = null;
    const flush = async () => {
      if (!batch) return;
      await insert(database, batch.table, batch.rows);
      count += batch.rows.length;
      onRows(count, batch.table.name);
      batch = null;
    };
    const setAside: SetAside = { fills: new Map(), markedDays: [] };
    for await (const { table: name, row } of head.format === 1 ? fromRelease01(rows, setAside) : rows) {
      const table = tableNamed(name);
      if (batch && (batch.table !== table || batch.rows.length === MOST_ROWS || batch.length > MOST_TEXT))
        await flush();
      batch ??= { table, rows: [], length: 0 };
      const clean = withoutSecrets(name, row);
      batch.rows.push(clean);
      batch.length += clean.length;
    }
    await flush();
    for (const table of tables.values()) await advanceCounters(database, table);
    if (head.format === 1) {
      count += await recordSetAside(database, setAside);
      onRows(count, 'fills');
      await database.many(z.unknown(), statement('DELETE FROM marked_days'));
      await insert(database, tableNamed('marked_days'), setAside.markedDays);
      count += setAside.markedDays.length;
    }
    return count;
  });
}

function expectFit(path: string, { format, release, migrations }: Head, own: readonly string[]): void {
  if (format === 1) {
    if (migrations.at(-1) === LAST_MIGRATION_OF_0_1) return;
    throw new Error(
      `${path} is an export of an earlier 0.1: upgrade that database to the last 0.1, and export it again`,
    );
  }
  if (migrations.some((name) => !own.includes(name))) throw new NewerExport(path, release);
  if (own.some((name) => !migrations.includes(name)))
    throw new Error(
      `${path} is an export of release ${release}, and this is release ${RELEASE}: restore it with release ${release}, then upgrade`,
    );
}

async function expectEmpty(database: Database, tables: readonly Table[]): Promise<void> {
  const isFilled = tables
    .filter(({ name }) => name !== 'trading_calendar')
    .map(({ name }) => sql`EXISTS (SELECT FROM ${names([name])})`)
    .reduce((any, table) => sql`${any} OR ${table}`);
  const { filled } = await database.one(z.object({ filled: z.boolean() }), sql`SELECT ${isFilled} AS filled`);
  if (filled) throw new Error('the database is not empty: restore into a new database');
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
