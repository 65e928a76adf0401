import type { Database } from '../database/database.ts';
import { shortId } from '../formatting.ts';
import type { SavedSnapshot } from '../snapshots/contract.ts';
import { planFor } from './planning.ts';
import * as store from './store.ts';

interface At {
  readonly now: Date;
  /** The smallest difference that matters, in USD per trade. */
  readonly material: number;
}

/** How long ago a snapshot may have started to be a change of the running bot, rather than an import, in milliseconds. */
const RECENT_MS = 3_600_000;

/** Adds a warning to a saved change of settings: the fair way to test it, with its duration; during an experiment, that these settings are
 *  not the assigned ones. Nothing is added to a first or an imported snapshot. */
export async function withFairTest<Saved extends SavedSnapshot>(
  database: Database,
  saved: Saved,
  at: At,
): Promise<Saved> {
  const isRecent = saved.active_until === null && Date.parse(saved.active_from) > at.now.getTime() - RECENT_MS;
  if (!isRecent || saved.changes.length === 0) return saved;
  const warning = await warningFor(database, saved, at);
  return warning === null ? saved : { ...saved, warnings: [...saved.warnings, warning] };
}

async function warningFor(
  database: Database,
  { bot_id, snapshot_id, config_hash }: SavedSnapshot,
  { now, material }: At,
): Promise<string | null> {
  const context = await store.changeContext(database, { bot_id, snapshot_id, at: now.toISOString() });
  if (context === null) return null;
  const { previous_id, previous_hash, time_zone, experiment_id, assigned_hash, waiting_id } = context;
  if (waiting_id !== null)
    return `experiment ${shortId(waiting_id)} of this bot is scheduled or paused: it assigns nothing now`;
  if (experiment_id !== null)
    return assigned_hash === config_hash
      ? null
      : `experiment ${shortId(experiment_id)} assigns other settings now: trades with these do not follow it`;
  const { plan } = await planFor(database, {
    ...{ bot_id, design: 'switchback', zone: time_zone, until: now.getTime(), config_hash: previous_hash },
    ...{ length: null, effect: material },
  });
  const shows = plan.effect_in_60_days_usd;
  const bot = bot_id === 'default' ? '' : ` --bot ${bot_id}`;
  const time = shows === null ? '' : ` ${plan.summary}`;
  return `comparing before with after cannot tell these settings from the market. A fair test alternates both: strategy experiment start --baseline ${shortId(previous_id)} --candidate ${shortId(snapshot_id)}${bot}.${time}`;
}
