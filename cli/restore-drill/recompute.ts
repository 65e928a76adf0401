import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Database } from '../../functions/database/database.ts';
import { sql } from '../../functions/database/sql.ts';
import { listSummaries, summariseDays } from '../../functions/summaries/summaries.ts';

const Day = z.object({ bot_id: z.string(), date: z.string() });
export type Day = z.output<typeof Day>;

/** More snapshots than a bot has on a day. */
const LIMIT = 500;

/** The newest summarised day that is not due for recomputation; null when there is none. */
export function newestDay(database: Database): Promise<Day | null> {
  return database.maybeOne(
    Day,
    sql`SELECT bot_id, date::text AS date
        FROM strategy_performance_summary s
        WHERE NOT EXISTS (SELECT FROM marked_days m WHERE m.bot_id = s.bot_id AND m.date = s.date)
        ORDER BY date DESC, bot_id
        LIMIT 1`,
  );
}

/** Recomputes a day from its trades. @throws Error when a figure of its summaries changes */
export async function recompute(database: Database, { bot_id, date }: Day): Promise<void> {
  const read = async () => {
    const { summaries } = await listSummaries(database, { bot_id, from: date, to: date, limit: LIMIT });
    return summaries.map(({ updated_at, ...summary }) => summary);
  };
  const before = await read();
  await summariseDays(database, { bot_id, from: date }, () => new Date());
  const after = await read();
  const changed = before.find((summary, i) => !isDeepStrictEqual(summary, after[i]));
  if (changed === undefined && before.length === after.length) return;
  throw new Error(
    `the summary of ${bot_id} on ${date} is ${JSON.stringify(after)} now, and was ${JSON.stringify(before)}`,
  );
}
