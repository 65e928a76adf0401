import type { Service } from '../support/service.ts';

type Row = Readonly<Record<string, string | null>>;

/** The tables with data of a bot, and their columns set by the server: generated ids and processing times. */
const tables: Readonly<Record<string, readonly string[]>> = {
  strategy_snapshots: ['snapshot_id', 'created_at'],
  books: ['book_id'],
  fills: ['book_id'],
  orders: ['book_id', 'allocations'],
  trade_strategy_link: ['link_id', 'created_at'],
  allocations: ['book_id'],
  trades: ['trade_id'],
  strategy_performance_summary: ['updated_at'],
  marked_days: ['marked_at'],
  experiments: ['experiment_id', 'created_at', 'seed', 'plan', 'idempotency_key', 'request_hash'],
};

/** Reads each row with its table, as text, so that numbers keep every digit. */
const everything = Object.entries(tables)
  .map(
    ([table, own]) =>
      `SELECT '${table}' AS table, (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t) - '{${['bot_id', ...own]}}'::text[])) AS row
       FROM ${table} t WHERE bot_id = $1`,
  )
  .join(' UNION ALL ');

/** Later times come from the server's clock. */
const began = Date.now();

const snapshotColumns = ['snapshot_id', 'entry_snapshot_id', 'exit_snapshot_id', 'rollback_of'];

/** All numbers of a bot, to the last digit and comparable between bots: snapshots are identified by their position.
 *  @param through leaves out later days, which a report may have computed in the meantime */
export async function numbersOf(
  sql: Service['sql'],
  bot: string,
  through = '9999-12-31',
): Promise<Record<string, readonly Row[]>> {
  const snapshots = await sql<{ snapshot_id: string }>(
    'SELECT snapshot_id::text FROM strategy_snapshots WHERE bot_id = $1 ORDER BY active_from',
    [bot],
  );
  const places = new Map(snapshots.map(({ snapshot_id }, i) => [snapshot_id, `#${i}`]));
  const rows = await sql<{ table: string; row: Row }>(everything, [bot]);
  const numbers = Object.fromEntries(Object.keys(tables).map((table): [string, Row[]] => [table, []]));
  for (const { table, row } of rows.filter(({ row: { date } }) => !date || date <= through)) {
    const known = Object.entries(row).map(([key, value]) => [key, shown(key, value, places)]);
    numbers[table]?.push(Object.fromEntries(known));
  }
  for (const own of Object.values(numbers)) own.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return numbers;
}

/** Normalizes values: 1.50 and 1.5 are equal, and so are all times set by the server. */
function shown(key: string, value: string | null, places: ReadonlyMap<string, string>): string | null {
  if (value === null) return null;
  if (snapshotColumns.includes(key)) return places.get(value) ?? value;
  if (/^\d{4}-\d\d-\d\dT/.test(value) && Date.parse(value) >= began) return 'since the test began';
  return /^-?\d+\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value;
}
