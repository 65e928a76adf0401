import * as z from 'zod';
import type { Database } from '../../functions/database/database.ts';
import { ROUTINES } from '../../functions/database/migrations.ts';
import { type Sql, sql, statement } from '../../functions/database/sql.ts';

/** A table in the catalogue, without its generated columns. */
const Table = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  key: z.array(z.string()),
  /** The tables that its foreign keys reference. */
  refers_to: z.array(z.string()),
  /** Columns with a sequence: identity and serial columns. */
  counters: z.array(z.string()),
});
export type Table = z.output<typeof Table>;

/** Every table except that of the migrations, each after those that it references. */
export async function tablesOf(database: Database): Promise<Table[]> {
  const tables = await database.many(
    Table,
    sql`SELECT c.relname::text AS name,
          ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns,
          ARRAY(SELECT a.attname::text
                FROM pg_index i
                CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                WHERE i.indrelid = c.oid AND i.indisprimary
                ORDER BY k.place) AS key,
          ARRAY(SELECT DISTINCT r.relname::text
                FROM pg_constraint f
                JOIN pg_class r ON r.oid = f.confrelid
                WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS refers_to,
          ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND pg_get_serial_sequence(c.oid::regclass::text, attname) IS NOT NULL) AS counters
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'applied_migrations'
        ORDER BY c.relname`,
  );
  const ordered: Table[] = [];
  const add = (table: Table): void => {
    if (ordered.includes(table)) return;
    for (const name of table.refers_to) tables.filter((other) => other.name === name).forEach(add);
    ordered.push(table);
  };
  tables.forEach(add);
  return ordered;
}

/** The names of the applied migrations: an export can only be restored into a database with the same ones. */
export async function migrationsOf(database: Database): Promise<string[]> {
  const rows = await database.many(
    z.object({ name: z.string() }),
    sql`SELECT name FROM applied_migrations WHERE name <> ${ROUTINES} ORDER BY name`,
  );
  return rows.map(({ name }) => name);
}

/** Identifiers from the catalogue, quoted, as SQL. */
export const names = (list: readonly string[]): Sql =>
  statement(list.map((name) => `"${name.replaceAll('"', '""')}"`).join(', '));
