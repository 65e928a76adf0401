import pg from 'pg';
import { parseJson } from '../../../functions/contract/json.ts';
import type { Row } from '../format.ts';
import type { Table } from './table.ts';

export const OLD_TABLES = ['trade_records', 'strategy_snapshots', 'trade_strategy_link'];

/** Rows per fetch. */
const MOST_ROWS = 1000;

/** The old bot's tables as of one moment, read only. Values are JSON: exact, with offsets in times. */
export async function* postgresTables(url: string): AsyncGenerator<Table> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SET timezone = 'UTC'; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const { rows: found } = await client.query<{ name: string; columns: string[] }>(
      `SELECT c.relname AS name, array_agg(a.attname::text) AS columns
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE c.oid IN (SELECT to_regclass(name) FROM unnest($1::text[]) AS name)
       GROUP BY c.relname ORDER BY c.relname`,
      [OLD_TABLES],
    );
    if (found.length === 0) throw new Error(`that database has none of the tables ${OLD_TABLES.join(', ')}`);
    for (const { name, columns } of found) yield { name, columns: new Set(columns), rows: rowsOf(client, name) };
  } finally {
    await client.end();
  }
}

async function* rowsOf(client: pg.Client, table: string): AsyncGenerator<Row> {
  await client.query(`DECLARE rows NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS row FROM ${table} AS t`);
  while (true) {
    const { rows } = await client.query<{ row: string }>(`FETCH ${MOST_ROWS} FROM rows`);
    for (const { row } of rows) yield parseJson(row) as Row;
    if (rows.length < MOST_ROWS) break;
  }
  await client.query('CLOSE rows');
}
