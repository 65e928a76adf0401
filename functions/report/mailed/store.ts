import * as z from 'zod';
import { rowOf } from '../../database/columns.ts';
import type { Database } from '../../database/database.ts';
import { sql } from '../../database/sql.ts';
import { LateChange } from '../contract.ts';

/** Records the mailed figures of each bot's day as an audit; an existing record is kept. */
export async function recordMailedDays(
  database: Database,
  { kind, date }: { kind: string; date: string },
  days: readonly object[],
): Promise<void> {
  await database.one(
    z.object({ recorded: z.unknown() }),
    sql`SELECT record_mailed_verdicts(${kind}, ${date}::date, ${JSON.stringify(days)}::jsonb)::text AS recorded`,
  );
}

/** Most changed days that are listed. */
const MOST_DAYS = 40;

const LateChangeRow = rowOf(LateChange);

/** Days before this one that were recomputed since the last mail and now differ from their mailed figures. P&L is compared to 6
 *  decimals, since mailed figures passed through a double. */
export function lateChanges(
  database: Database,
  botId: string,
  before: string,
): Promise<z.output<typeof LateChangeRow>[]> {
  return database.many(
    LateChangeRow,
    sql`SELECT mailed.date, mailed.total_trades AS mailed_trades, mailed.total_pnl_usd AS mailed_pnl_usd, now.total_trades, now.total_pnl_usd
        FROM mailed_verdicts mailed
        CROSS JOIN LATERAL (
          SELECT coalesce(sum(row.total_trades), 0) AS total_trades, coalesce(sum(row.total_pnl_usd), 0) AS total_pnl_usd, max(row.updated_at) AS updated_at
          FROM strategy_performance_summary row
          WHERE row.bot_id = mailed.bot_id AND row.date = mailed.date) AS now
        WHERE mailed.kind = 'daily' AND mailed.bot_id = ${botId} AND mailed.date < ${before}::date
          AND (now.total_trades, round(now.total_pnl_usd, 6)) IS DISTINCT FROM (mailed.total_trades, round(mailed.total_pnl_usd, 6))
          AND now.updated_at > (
            SELECT max(mailed_at) FROM mailed_verdicts WHERE kind = 'daily' AND bot_id = ${botId} AND date < ${before}::date)
        ORDER BY mailed.date DESC
        LIMIT ${MOST_DAYS}`,
  );
}

const MailedVerdict = z.object({
  date: z.string(),
  ends_at: z.string(),
  verdict: z.string(),
  baseline_snapshot_id: z.string(),
  candidate_snapshot_id: z.string(),
  decided_on: z.string().nullable(),
});

/** The latest mailed verdict on a pair, for a day before this one. */
export function lastMailedVerdict(
  database: Database,
  botId: string,
  before: string,
): Promise<z.output<typeof MailedVerdict> | null> {
  return database.maybeOne(
    MailedVerdict,
    sql`SELECT date, day_start(date + 1) AS ends_at, verdict, baseline_snapshot_id, candidate_snapshot_id, decided_on
        FROM mailed_verdicts
        WHERE kind = 'daily' AND bot_id = ${botId} AND date < ${before}::date AND baseline_snapshot_id IS NOT NULL
        ORDER BY date DESC
        LIMIT 1`,
  );
}

const MailedExperiment = z.object({
  date: z.string(),
  ends_at: z.string(),
  experiment_id: z.string(),
  verdict: z.string(),
  decided_on: z.string().nullable(),
});

/** The latest mailed verdict on an experiment, for a day before this one. */
export function lastMailedExperiment(
  database: Database,
  botId: string,
  before: string,
): Promise<z.output<typeof MailedExperiment> | null> {
  return database.maybeOne(
    MailedExperiment,
    sql`SELECT date, day_start(date + 1) AS ends_at, experiment_id, experiment_verdict AS verdict, experiment_decided_on AS decided_on
        FROM mailed_verdicts
        WHERE kind = 'daily' AND bot_id = ${botId} AND date < ${before}::date AND experiment_id IS NOT NULL
        ORDER BY date DESC
        LIMIT 1`,
  );
}
