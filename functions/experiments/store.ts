import * as z from 'zod';
import { number, rowOf } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import type { HoldBuckets } from '../statistics/hold-times.ts';
import { ExperimentPlan, ExperimentSummary } from './contract.ts';
import { ExperimentArm } from './verdict/contract.ts';

const arms = z.object({ baseline: ExperimentArm, candidate: ExperimentArm });

const SummaryRow = rowOf(ExperimentSummary.omit({ baseline: true, candidate: true }).extend({ arms }));
export type SummaryRow = z.output<typeof SummaryRow>;

const EventRow = z.object({
  action: z.enum(['pause', 'resume', 'stop']),
  /** Milliseconds since the epoch. */
  at: z.number(),
  now: z.boolean(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
});

const ExperimentRow = rowOf(
  ExperimentSummary.omit({ baseline: true, candidate: true }).extend({
    arms,
    seed: z.string().nullable(),
    skip_days: z.int(),
    share: z.int(),
    plan: ExperimentPlan,
    events: z.array(EventRow),
  }),
);
export type ExperimentRow = z.output<typeof ExperimentRow>;

/** The columns of a summary, of a row `e` of experiments at an instant. */
const summaryColumns = (
  at: string,
) => sql`e.experiment_id, e.bot_id, e.design, e.candidate_bot_id, e.imported, e.time_zone, e.length,
  e.settle_days, e.starts_at, e.starts_on, e.ends_at, e.most_days, e.hypothesis, e.effect_usd, e.created_at,
  (SELECT jsonb_object_agg(arm, jsonb_build_object(
     'bot_id', CASE arm WHEN 'candidate' THEN coalesce(e.candidate_bot_id, e.bot_id) ELSE e.bot_id END,
     'config_hash', config_hash, 'notes', notes, 'snapshot_id', snapshot_id))
   FROM experiment_arms WHERE experiment_id = e.experiment_id) AS arms,
  CASE (SELECT action FROM experiment_events WHERE experiment_id = e.experiment_id ORDER BY number DESC LIMIT 1)
    WHEN 'stop' THEN 'stopped'
    ELSE CASE
      WHEN e.ends_at <= ${at}::timestamptz THEN 'ended'
      WHEN (SELECT action FROM experiment_events WHERE experiment_id = e.experiment_id ORDER BY number DESC LIMIT 1) = 'pause' THEN 'paused'
      WHEN e.starts_at > ${at}::timestamptz THEN 'scheduled'
      ELSE 'running'
    END
  END AS status`;

export function experiment(database: Database, id: string, at: string): Promise<ExperimentRow | null> {
  return database.maybeOne(
    ExperimentRow,
    sql`SELECT ${summaryColumns(at)}, e.seed, e.skip_days, e.share, e.plan,
          (SELECT coalesce(jsonb_agg(jsonb_build_object(
             'action', action, 'at', (extract(epoch FROM at) * 1000)::bigint, 'now', now, 'by', by, 'reason', reason) ORDER BY number), '[]')
           FROM experiment_events WHERE experiment_id = e.experiment_id) AS events
        FROM experiments e
        WHERE e.experiment_id = ${id}::uuid`,
  );
}

export interface ExperimentFilter {
  readonly bot_id?: string | undefined;
  readonly status?: string | undefined;
  readonly at: string;
  /** Only those of these bots alone: a parallel test shows the figures of both its bots. Null: all. */
  readonly among: readonly string[] | null;
  /** Only those that ran after this instant and before `at`. */
  readonly from?: string | undefined;
  readonly cursor?: readonly [createdAt: string] | undefined;
}

/** Experiments before one, newest first. */
export function experiments(database: Database, filter: ExperimentFilter, limit: number): Promise<SummaryRow[]> {
  return database.many(
    SummaryRow,
    sql`SELECT *
        FROM (
          SELECT ${summaryColumns(filter.at)}
          FROM experiments e
          WHERE e.created_at < coalesce(${filter.cursor?.[0] ?? null}::timestamptz, 'infinity')
            ${filter.bot_id === undefined ? sql`` : sql`AND ${filter.bot_id} IN (e.bot_id, e.candidate_bot_id)`}
            ${filter.among === null ? sql`` : sql`AND ARRAY[e.bot_id, coalesce(e.candidate_bot_id, e.bot_id)] <@ ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(filter.among)}::jsonb) COLLATE "C")`}
            ${filter.from === undefined ? sql`` : sql`AND e.ends_at > ${filter.from}::timestamptz AND e.starts_at < ${filter.at}::timestamptz`}
        ) AS experiment
        ${filter.status === undefined ? sql`` : sql`WHERE status = ${filter.status}`}
        ORDER BY created_at DESC
        LIMIT ${limit}`,
  );
}

const sums = {
  trades: z.int(),
  winning: z.int(),
  losing: z.int(),
  pnl: z.number(),
  followed: z.int(),
  held_after: z.number(),
};
const armName = z.enum(['baseline', 'candidate']);

const PairRow = z.object({
  pair: z.int(),
  broken_in: armName.nullable(),
  void_reason: z.string().nullable(),
  /** In the order of time; instants in milliseconds since the epoch. */
  blocks: z.array(z.object({ arm: armName, from: z.number(), until: z.number() })),
  days: z.array(z.object({ date: z.string(), arm: armName, ...sums })),
});
export type PairRow = z.output<typeof PairRow>;
const PairRowAsJson = z.object({ row: PairRow });

/** One page of the pairs of a switchback, after one of them. */
export async function pairs(
  database: Database,
  id: string,
  { after, limit }: { after: number; limit: number },
): Promise<PairRow[]> {
  const rows = await database.many(
    PairRowAsJson,
    sql`WITH traded AS (
          SELECT pair, jsonb_agg(jsonb_build_object('date', date, 'arm', arm, 'trades', trades, 'winning', winning, 'losing', losing,
            'pnl', pnl_usd, 'followed', followed, 'held_after', held_after) ORDER BY date, arm) AS days
          FROM experiment_days
          WHERE experiment_id = ${id}::uuid AND pair > ${after}
          GROUP BY pair
        )
        SELECT jsonb_build_object('pair', pair, 'broken_in', max(broken_in), 'void_reason', max(void_reason),
          'blocks', jsonb_agg(jsonb_build_object('arm', arm, 'from', (extract(epoch FROM starts_at) * 1000)::bigint,
            'until', (extract(epoch FROM ends_at) * 1000)::bigint) ORDER BY starts_at),
          'days', coalesce(days, '[]')) AS row
        FROM experiment_blocks
        LEFT JOIN traded USING (pair)
        WHERE experiment_id = ${id}::uuid AND pair > ${after}
        GROUP BY pair, days
        ORDER BY pair
        LIMIT ${limit}`,
  );
  return rows.map(({ row }) => row);
}

const ParallelDay = z.object({
  date: z.string(),
  from: z.number(),
  until: z.number(),
  baseline: z.object(sums),
  candidate: z.object(sums),
});
const ParallelDayAsJson = z.object({ row: ParallelDay });
export type ParallelDay = z.output<typeof ParallelDay>;

/** One page of the days of a parallel test: those on which both bots had one snapshot all day, with the settings of their arm. */
export async function parallelDays(
  database: Database,
  {
    experiment_id,
    bot_id,
    candidate_bot_id,
    arms: of,
  }: Pick<ExperimentRow, 'experiment_id' | 'bot_id' | 'candidate_bot_id' | 'arms'>,
  { from, to, limit }: { from: string; to: string; limit: number },
): Promise<ParallelDay[]> {
  const traded = (bot: string | null, hash: string) => sql`(
      SELECT jsonb_build_object('trades', coalesce(sum(total_trades), 0), 'winning', coalesce(sum(winning_trades), 0),
        'losing', coalesce(sum(losing_trades), 0), 'pnl', coalesce(sum(total_pnl_usd), 0),
        'followed', coalesce(sum(total_trades) FILTER (WHERE s.config_hash = ${hash}), 0), 'held_after', 0)
      FROM strategy_performance_summary row
      JOIN strategy_snapshots s USING (snapshot_id)
      WHERE row.bot_id = ${bot} AND row.date = day.date)`;
  const isWhole = (bot: string | null, hash: string) => sql`EXISTS (
      SELECT FROM strategy_snapshots
      WHERE bot_id = ${bot} AND config_hash = ${hash} AND active_from <= day.begins AND coalesce(active_until, 'infinity') >= day.ends)`;
  const rows = await database.many(
    ParallelDayAsJson,
    sql`SELECT jsonb_build_object('date', day.date, 'from', (extract(epoch FROM begins) * 1000)::bigint, 'until', (extract(epoch FROM ends) * 1000)::bigint,
          'baseline', ${traded(bot_id, of.baseline.config_hash)}, 'candidate', ${traded(candidate_bot_id, of.candidate.config_hash)}) AS row
        FROM (
          SELECT d::date AS date, day_start(d::date) AS begins, day_start(d::date + 1) AS ends
          FROM experiments e, generate_series(${from}::date::timestamp, ${to}::date::timestamp, interval '1 day') AS d
          WHERE e.experiment_id = ${experiment_id}::uuid AND day_start(d::date + 1) <= e.ends_at
        ) AS day
        WHERE ${isWhole(bot_id, of.baseline.config_hash)} AND ${isWhole(candidate_bot_id, of.candidate.config_hash)}
        ORDER BY day.date
        LIMIT ${limit}`,
  );
  return rows.map(({ row }) => row);
}

const Started = z.object({ experiment_id: z.string() });

/** Starts an experiment, once per idempotency key. @returns its id */
export async function startExperiment(database: Database, request: object): Promise<string> {
  const { experiment_id } = await database.one(
    Started,
    sql`SELECT start_experiment(${JSON.stringify(request)}::jsonb) AS experiment_id`,
  );
  return experiment_id;
}

const Changed = z.object({ changed: z.boolean() });

/** @returns false when the experiment has been changed in the meantime */
export async function changeExperiment(database: Database, request: object): Promise<boolean> {
  const { changed } = await database.one(
    Changed,
    sql`SELECT change_experiment(${JSON.stringify(request)}::jsonb) AS changed`,
  );
  return changed;
}

const ArmConfig = z.object({
  arm: armName,
  config: z.record(z.string(), z.unknown()),
  config_hash: z.string(),
});
export type ArmConfig = z.output<typeof ArmConfig>;

/** The configurations of an experiment; a row each, since two can exceed the 64 KB of one. */
export function armConfigs(database: Database, id: string): Promise<ArmConfig[]> {
  return database.many(
    ArmConfig,
    sql`SELECT arm, config::json AS config, config_hash FROM experiment_arms WHERE experiment_id = ${id}::uuid`,
  );
}

const AssignedRow = z.object({
  experiment_id: z.string(),
  begun: z.boolean(),
  /** The block at the instant, and the one after it. */
  blocks: z.array(z.object({ pair: z.int(), arm: armName, from: z.number(), until: z.number(), current: z.boolean() })),
});
export type AssignedRow = z.output<typeof AssignedRow>;

/** The switchback of a bot that is running or due at an instant, with its block then and the next one. */
export function assigned(database: Database, botId: string, at: string): Promise<AssignedRow | null> {
  return database.maybeOne(
    AssignedRow,
    sql`SELECT e.experiment_id, e.starts_at <= ${at}::timestamptz AS begun,
          (SELECT coalesce(jsonb_agg(jsonb_build_object('pair', pair, 'arm', arm, 'from', (extract(epoch FROM starts_at) * 1000)::bigint,
             'until', (extract(epoch FROM ends_at) * 1000)::bigint, 'current', starts_at <= ${at}::timestamptz) ORDER BY starts_at), '[]')
           FROM (
             SELECT *
             FROM experiment_blocks
             WHERE experiment_id = e.experiment_id AND ends_at > ${at}::timestamptz AND broken_in IS NULL
             ORDER BY starts_at
             LIMIT 2
           ) AS block) AS blocks
        FROM experiments e
        WHERE e.bot_id = ${botId} AND e.design = 'switchback' AND NOT e.imported AND e.ends_at > ${at}::timestamptz
        ORDER BY e.created_at DESC
        LIMIT 1`,
  );
}

const ChangeContext = z.object({
  previous_id: z.string(),
  previous_hash: z.string(),
  time_zone: z.string(),
  /** The running switchback, and the settings that it assigns. */
  experiment_id: z.string().nullable(),
  assigned_hash: z.string().nullable(),
  /** A switchback that has not begun or is paused. */
  waiting_id: z.string().nullable(),
});

/** What a snapshot replaced, and what the bot should trade with; null for a first snapshot. */
export function changeContext(
  database: Database,
  { bot_id, snapshot_id, at }: { bot_id: string; snapshot_id: string; at: string },
): Promise<z.output<typeof ChangeContext> | null> {
  return database.maybeOne(
    ChangeContext,
    sql`SELECT previous.snapshot_id AS previous_id, previous.config_hash AS previous_hash, trading_time_zone() AS time_zone,
          running.experiment_id, running.config_hash AS assigned_hash,
          CASE WHEN running.experiment_id IS NULL THEN (
            SELECT experiment_id FROM experiments
            WHERE bot_id = saved.bot_id AND design = 'switchback' AND NOT imported AND ends_at > ${at}::timestamptz
            LIMIT 1
          ) END AS waiting_id
        FROM strategy_snapshots saved
        CROSS JOIN LATERAL (
          SELECT snapshot_id, config_hash
          FROM strategy_snapshots
          WHERE bot_id = saved.bot_id AND active_from < saved.active_from
          ORDER BY active_from DESC
          LIMIT 1
        ) AS previous
        LEFT JOIN LATERAL (
          SELECT e.experiment_id, a.config_hash
          FROM experiments e
          JOIN experiment_blocks b ON b.experiment_id = e.experiment_id AND b.starts_at <= ${at}::timestamptz AND b.ends_at > ${at}::timestamptz
          JOIN experiment_arms a ON a.experiment_id = e.experiment_id AND a.arm = b.arm
          WHERE e.bot_id = saved.bot_id AND NOT e.imported AND e.ends_at > ${at}::timestamptz AND b.broken_in IS NULL
          LIMIT 1
        ) AS running ON true
        WHERE saved.bot_id = ${bot_id} AND saved.snapshot_id = ${snapshot_id}::uuid`,
  );
}

const Zone = z.object({ time_zone: z.string() });

export const tradingZone = async (database: Database): Promise<string> =>
  (await database.one(Zone, sql`SELECT trading_time_zone() AS time_zone`)).time_zone;

const HistoryRow = z.object({ date: z.string(), trades: z.int(), hold_time_buckets: z.record(z.string(), z.number()) });

/** The latest summarized days of an arm, oldest first. */
export function history(
  database: Database,
  { bot_id, config_hash }: { bot_id: string; config_hash: string },
): Promise<{ date: string; trades: number; hold_time_buckets: HoldBuckets }[]> {
  return database.many(
    HistoryRow,
    sql`SELECT date, trades, hold_time_buckets
        FROM (
          SELECT row.date, row.total_trades AS trades, row.hold_time_buckets
          FROM strategy_snapshots s
          JOIN strategy_performance_summary row USING (snapshot_id)
          WHERE s.bot_id = ${bot_id} AND s.config_hash = ${config_hash}
          ORDER BY row.date DESC
          LIMIT 1000
        ) AS latest
        ORDER BY date`,
  );
}

const BlockSums = z.object({ block: z.int(), trades: z.int(), winning: z.int(), losing: z.int(), pnl: number });

/** Sums over the trades that an arm entered in each block; only blocks during all of which the arm was active.
 *  @param borders ascending; block n is from border n to border n + 1, counted from 1 */
export function blockSums(
  database: Database,
  { bot_id, config_hash, borders }: { bot_id: string; config_hash: string; borders: readonly string[] },
): Promise<z.output<typeof BlockSums>[]> {
  return database.many(
    BlockSums,
    sql`WITH borders AS (
          SELECT n::integer AS block, at::timestamptz AS begins, lead(at::timestamptz) OVER (ORDER BY n) AS ends
          FROM jsonb_array_elements_text(${JSON.stringify(borders)}::jsonb) WITH ORDINALITY AS border (at, n)
        ),
        active AS (
          SELECT block, begins, ends
          FROM borders
          WHERE EXISTS (SELECT FROM strategy_snapshots s
                        WHERE s.bot_id = ${bot_id} AND s.config_hash = ${config_hash}
                          AND s.active_from <= begins AND coalesce(s.active_until, 'infinity') >= ends)
        ),
        entered AS (
          SELECT width_bucket(t.opened_at, (SELECT array_agg(begins ORDER BY block) FROM borders)) AS block, t.pnl_usd
          FROM strategy_snapshots s
          CROSS JOIN LATERAL (
            SELECT opened_at, pnl_usd
            FROM trades
            WHERE entry_snapshot_id = s.snapshot_id AND closed_at >= ${borders[0] ?? 'infinity'}::timestamptz AND attribution <> 'manual'
            OFFSET 0
          ) AS t
          WHERE s.bot_id = ${bot_id} AND s.config_hash = ${config_hash}
        )
        SELECT active.block, count(pnl_usd)::integer AS trades, (count(*) FILTER (WHERE pnl_usd > breakeven_usd()))::integer AS winning,
          (count(*) FILTER (WHERE pnl_usd < -breakeven_usd()))::integer AS losing, coalesce(sum(pnl_usd), 0) AS pnl
        FROM active
        LEFT JOIN entered USING (block)
        GROUP BY active.block
        ORDER BY active.block`,
  );
}
