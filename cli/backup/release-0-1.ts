import type { TableRow } from './file.ts';

/** The last migration of version 0.1. */
export const LAST_MIGRATION_OF_0_1 = '0017_keep_open_lots_apart.sql';

/** What differs in a table of version 0.1. */
interface Difference {
  /** The columns that have the id of a snapshot. */
  readonly snapshotIds?: readonly string[];
  /** The columns that this release does not have. */
  readonly dropped?: readonly string[];
}

/** A number as it is written. TypeScript does not know these functions of JSON yet. */
interface RawJson {
  readonly rawJSON: string;
}
const { rawJSON, isRawJSON } = JSON as typeof JSON & {
  rawJSON(text: string): RawJson;
  isRawJSON(value: unknown): value is RawJson;
};

const same: Difference = {};

/** Every table of version 0.1. */
const tables: Readonly<Record<string, Difference>> = {
  allocations: same,
  bots: same,
  fill_corrections: same,
  fills: { dropped: ['open_size', 'open_fee_usd'] },
  mailed_verdicts: { snapshotIds: ['baseline_snapshot_id', 'candidate_snapshot_id'] },
  marked_days: { snapshotIds: ['snapshot_id'] },
  open_lots: same,
  orders: { snapshotIds: ['snapshot_id'] },
  pending_matches: same,
  report_deliveries: same,
  snapshot_answers: { snapshotIds: ['snapshot_id', 'previous_snapshot_id'] },
  strategy_performance_summary: { snapshotIds: ['snapshot_id'] },
  strategy_snapshots: { snapshotIds: ['snapshot_id', 'rollback_of'] },
  summary_runs: same,
  trade_strategy_link: { snapshotIds: ['snapshot_id'] },
  trades: { snapshotIds: ['entry_snapshot_id', 'exit_snapshot_id'] },
  trading_calendar: same,
};

/** The rows of an export of version 0.1 as this release has them. That version numbered snapshots, whose ids are UUIDs now, and its
 *  fills had two columns that its last migration left unused: what is open of a buy is in `open_lots`. Everything else is the same,
 *  hashes included, so that a bot that repeats a request finds its answer. */
export async function* fromRelease01(rows: AsyncIterable<TableRow>): AsyncGenerator<TableRow> {
  for await (const { table, row } of rows) yield { table, row: converted(table, row) };
}

function converted(table: string, text: string): string {
  const difference = tables[table];
  if (!difference) throw new Error(`version 0.1 has no table ${table}`);
  const { snapshotIds = [], dropped = [] } = difference;
  if (snapshotIds.length + dropped.length === 0) return text;
  const row = exactly(text);
  for (const column of dropped) Reflect.deleteProperty(row, column);
  for (const column of snapshotIds) {
    const id = row[column];
    if (isRawJSON(id)) row[column] = snapshotIdOf(id.rawJSON);
  }
  return JSON.stringify(row);
}

/** Parses a row without rounding its numbers. */
const exactly = (text: string): Record<string, unknown> =>
  JSON.parse(text, (_key, value, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? rawJSON(context.source) : value,
  );

/** The UUID of a numbered snapshot. It starts with the number, so that the terminal and the report show it as it was known.
 *  @example snapshotIdOf('12') // '00000012-0000-8000-8000-000000000012' */
const snapshotIdOf = (number: string): string =>
  `${number.padStart(8, '0').slice(-8)}-0000-8000-8000-${number.padStart(12, '0')}`;
