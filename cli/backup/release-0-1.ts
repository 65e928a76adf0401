import type { Database } from '../../functions/database/database.ts';
import { Fill, MOST_FILLS } from '../../functions/trades/contract.ts';
import { fillRow } from '../../functions/trades/fill-row.ts';
import type { FillRow } from '../../functions/trades/matching/state.ts';
import { writeFills } from '../../functions/trades/write-fills.ts';
import { exactly, isRawJSON } from './exactly.ts';
import type { TableRow } from './file.ts';

/** The last migration of version 0.1. */
export const LAST_MIGRATION_OF_0_1 = '0017_keep_open_lots_apart.sql';

/** Differences of a table of version 0.1. */
interface Difference {
  /** Columns with the id of a snapshot. */
  readonly snapshotIds?: readonly string[];
  /** Columns with the content of a fill. */
  readonly fills?: readonly string[];
  readonly added?: Readonly<Record<string, unknown>>;
}

const same: Difference = {};

/** Tables that version 0.1 derived from fills: they are derived again. */
const DERIVED = ['allocations', 'open_lots', 'orders', 'pending_matches', 'trades'];

/** All other tables of version 0.1 except fills. */
const tables: Readonly<Record<string, Difference>> = {
  bots: { added: { matching_version: 0 } },
  fill_corrections: { fills: ['before', 'after'] },
  mailed_verdicts: { snapshotIds: ['baseline_snapshot_id', 'candidate_snapshot_id'] },
  marked_days: { snapshotIds: ['snapshot_id'] },
  report_deliveries: { added: { list_id: '', bots: [] } },
  snapshot_answers: { snapshotIds: ['snapshot_id', 'previous_snapshot_id'] },
  strategy_performance_summary: { snapshotIds: ['snapshot_id'] },
  strategy_snapshots: { snapshotIds: ['snapshot_id', 'rollback_of'] },
  summary_runs: same,
  trade_strategy_link: { snapshotIds: ['snapshot_id'] },
  trading_calendar: same,
};

/** Rows that are restored last: fills by bot, which are then matched, and marked days, because matching marks more days. */
export interface SetAside {
  readonly fills: Map<string, FillRow[]>;
  readonly markedDays: string[];
}

/** Converts the rows of an export of version 0.1 to this release. Version 0.1 numbered snapshots, which now have UUIDs, and supported
 *  only long positions. Hashes are unchanged, so that a bot that repeats a request gets the stored response. */
export async function* fromRelease01(
  rows: AsyncIterable<TableRow>,
  { fills, markedDays }: SetAside,
): AsyncGenerator<TableRow> {
  for await (const { table, row } of rows) {
    if (DERIVED.includes(table)) continue;
    if (table === 'fills') {
      const { bot_id, ...fill } = fillOf(row);
      fills.set(bot_id, [...(fills.get(bot_id) ?? []), fill]);
    } else if (table === 'marked_days') markedDays.push(converted(table, row));
    else yield { table, row: converted(table, row) };
  }
}

/** Writes the fills that were set aside, and matches them. @returns their number */
export async function recordSetAside(database: Database, { fills }: SetAside): Promise<number> {
  for (const [botId, rows] of fills) {
    const inOrder = rows.toSorted((a, b) => (a.filled_at < b.filled_at ? -1 : 1));
    for (let at = 0; at < inOrder.length; at += MOST_FILLS) {
      const added = inOrder.slice(at, at + MOST_FILLS);
      await writeFills(database, botId, added, () => ({
        changes: { added, removed: [], rewritten: [] },
        result: null,
      }));
    }
  }
  return [...fills.values()].reduce((sum, rows) => sum + rows.length, 0);
}

/** Converts a fill of version 0.1, in which buys always open and sells always close. */
function fillOf(text: string): FillRow & { readonly bot_id: string } {
  const row = exactly(text);
  const content = Object.fromEntries(
    Object.entries(row)
      .filter(([column]) => column in Fill.shape)
      .map(([column, value]) => [column, isRawJSON(value) ? value.rawJSON : value]),
  );
  const fill = Fill.parse({ ...content, position_side: 'long' });
  return { bot_id: fill.bot_id, ...fillRow(fill) };
}

function converted(table: string, text: string): string {
  const difference = tables[table];
  if (!difference) throw new Error(`version 0.1 has no table ${table}`);
  if (difference === same) return text;
  const { snapshotIds = [], fills = [], added = {} } = difference;
  const row = { ...exactly(text), ...added };
  for (const column of fills) {
    const value = row[column];
    if (value !== null) row[column] = { ...(value as object), fee: null, position_side: 'long', position_id: null };
  }
  for (const column of snapshotIds) {
    const id = row[column];
    if (isRawJSON(id)) row[column] = snapshotIdOf(id.rawJSON);
  }
  return JSON.stringify(row);
}

/** The UUID of a numbered snapshot. It starts with the number, so that the terminal and the report show that number.
 *  @example snapshotIdOf('12') // '00000012-0000-8000-8000-000000000012' */
const snapshotIdOf = (number: string): string =>
  `${number.padStart(8, '0').slice(-8)}-0000-8000-8000-${number.padStart(12, '0')}`;
