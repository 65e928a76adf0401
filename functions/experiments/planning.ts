import type { Database } from '../database/database.ts';
import { activeSnapshot, snapshotById } from '../snapshots/snapshots.ts';
import { p95HoldSeconds } from '../statistics/hold-times.ts';
import { sum } from '../statistics/sum.ts';
import { dayAfter } from '../summaries/days.ts';
import type { ExperimentPlan } from './contract.ts';
import { defaultLength, type History, planOf, settleDays } from './plan.ts';
import { type Border, instantOf, type Length, localDate, nextBorder } from './schedule/borders.ts';
import * as store from './store.ts';
import { timeOf } from './time.ts';

/** Days of history that a plan is made from. */
const HISTORY_DAYS = 90;

/** Estimates how long a test will take. @throws NotFound */
export async function planExperiment(
  database: Database,
  query: { bot_id: string; baseline?: string | undefined; length?: Length | undefined; effect?: string | undefined },
  { now, material }: { now: Date; material: number },
): Promise<ExperimentPlan> {
  const { bot_id, baseline, length, effect } = query;
  const [{ config_hash }, zone] = await Promise.all([
    baseline === undefined ? activeSnapshot(database, bot_id) : snapshotById(database, baseline),
    store.tradingZone(database),
  ]);
  const { plan } = await planFor(database, {
    ...{ bot_id, design: 'switchback', zone, until: now.getTime(), config_hash },
    ...{ length: length ?? null, effect: Number(effect ?? material) },
  });
  return plan;
}

interface PlanRequest {
  readonly bot_id: string;
  readonly design: 'switchback' | 'parallel';
  readonly zone: string;
  /** The end of the history that the plan is made from, in milliseconds since the epoch. */
  readonly until: number;
  readonly config_hash: string;
  /** null: chosen by the baseline's history. */
  readonly length: Length | null;
  readonly effect: number;
}

/** Plans a test, with the length of its blocks, from the baseline's history. */
export async function planFor(
  database: Database,
  { bot_id, design, zone, until, config_hash, length: wanted, effect }: PlanRequest,
): Promise<{ plan: ExperimentPlan; length: Length; history: History }> {
  const days = await store.history(database, { bot_id, config_hash });
  const from = dayAfter(localDate(zone, until), -HISTORY_DAYS);
  const recent = days.filter(({ date }) => date >= from && date <= localDate(zone, until));
  const history: History = {
    p95: p95HoldSeconds(days.map(({ hold_time_buckets }) => hold_time_buckets)),
    trades_per_day: recent.length === 0 ? 0 : sum(recent, ({ trades }) => trades) / recent.length,
  };
  const length = design === 'parallel' ? '1d' : (wanted ?? defaultLength(history));
  const borders = bordersOf(zone, { from, until, length });
  const blocks = await store.blockSums(database, { bot_id, config_hash, borders });
  const plan = planOf({
    ...history,
    ...{ design, length, effect, settle_days: settleDays(history.p95) },
    blocks: blocks.map((block) => ({ ...block, followed: block.trades, held_after: 0 })),
  });
  return { plan, length, history };
}

/** The borders from the start of a day to an instant. */
function bordersOf(zone: string, { from, until, length }: { from: string; until: number; length: Length }): string[] {
  const borders: string[] = [];
  for (
    let border: Border = { date: from, hour: 0 };
    instantOf(zone, border) <= until;
    border = nextBorder(border, length)
  )
    borders.push(timeOf(instantOf(zone, border)));
  return borders;
}
