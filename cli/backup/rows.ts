import * as z from 'zod';
import type { Database } from '../../functions/database/database.ts';
import { sql } from '../../functions/database/sql.ts';
import { ResultTooLarge } from '../../functions/errors.ts';
import { names, type Table } from './tables.ts';

/** Rows per call, and the largest row in bytes: the Data API returns at most 64 KB per row. */
const MOST_ROWS = 1000;
const LONGEST_ROW = 50_000;
const LONGEST_PIECE = 12_000;

const Row = z.object({ key: z.string(), row: z.string().nullable() });

/** The rows of a table in the order of its key, as JSON text: parsing their numbers would round them. */
export async function* rowsOf(database: Database, table: Table): AsyncGenerator<string> {
  let after: string | null = null;
  let limit = MOST_ROWS;
  while (true) {
    let found: z.output<typeof Row>[];
    try {
      found = await pageOf(database, table, { after, limit });
    } catch (error) {
      if (!(error instanceof ResultTooLarge) || limit === 1) throw error;
      limit = Math.ceil(limit / 4);
      continue;
    }
    for (const { key, row } of found) yield row ?? (await inPieces(database, table, key));
    const last = found.at(-1);
    if (!last || found.length < limit) return;
    after = last.key;
  }
}

const asJson = (table: Table) =>
  sql`(SELECT to_jsonb(r) FROM (SELECT ${names(table.columns)} FROM (SELECT t.*) AS whole) AS r)::text`;
const keyOf = (table: Table) =>
  sql`(SELECT to_jsonb(k) FROM (SELECT ${names(table.key)} FROM (SELECT t.*) AS whole) AS k)::text`;

/** A key as a row to compare with. */
const keyIn = (table: Table, key: string) =>
  sql`(SELECT ${names(table.key)} FROM jsonb_populate_record(NULL::${names([table.name])}, ${key}::jsonb))`;

function pageOf(
  database: Database,
  table: Table,
  { after, limit }: { after: string | null; limit: number },
): Promise<z.output<typeof Row>[]> {
  return database.many(
    Row,
    sql`SELECT key, CASE WHEN octet_length(row) <= ${LONGEST_ROW} THEN row END AS row
        FROM (
          SELECT ${keyOf(table)} AS key, ${asJson(table)} AS row
          FROM ${names([table.name])} AS t
          WHERE ${after === null ? sql`true` : sql`(${names(table.key)}) > ${keyIn(table, after)}`}
          ORDER BY ${names(table.key)}
          LIMIT ${limit}
        ) AS page`,
  );
}

async function inPieces(database: Database, table: Table, key: string): Promise<string> {
  let text = '';
  // PostgreSQL counts characters, JavaScript UTF-16 code units.
  for (let from = 1; ; from += LONGEST_PIECE) {
    const { piece } = await database.one(
      z.object({ piece: z.string() }),
      sql`SELECT substr(${asJson(table)}, ${from}::integer, ${LONGEST_PIECE}::integer) AS piece
          FROM ${names([table.name])} AS t
          WHERE (${names(table.key)}) = ${keyIn(table, key)}`,
    );
    text += piece;
    if ([...piece].length < LONGEST_PIECE) return text;
  }
}
