import type { Service } from '../support/service.ts';

/** Fingerprint of all tables: the number of rows of each, and a checksum of their contents. */
export async function contentsOf(sql: Service['sql']): Promise<string> {
  const tables = await sql<{ name: string }>(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  const sums = tables.map(
    ({ name }) =>
      `SELECT '${name} ' || count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM ${name} t`,
  );
  const [row] = await sql<{ all: string }>(
    `SELECT string_agg(x.column1, ', ') AS all FROM (${sums.join(' UNION ALL ')}) AS x (column1)`,
  );
  return row?.all ?? '';
}
