import type { Database } from '../../database/database.ts';
import { snapshotById } from '../../snapshots/snapshots.ts';
import type { Coverage } from './contract.ts';
import { driftOf } from './drift.ts';
import * as store from './store.ts';

/** How the orders filled in [from, to) are attributed. */
export async function coverageBetween(
  database: Database,
  botId: string,
  { from, to }: { from: string; to: string },
): Promise<Coverage> {
  const [coverage, reported] = await Promise.all([
    store.coverage(database, botId, { from, to }),
    store.reportedSettings(database, botId, { from, to }),
  ]);
  return { bot_id: botId, from, to, ...coverage, drift: await driftFrom(database, reported) };
}

/** The settings that the bot reports and that differ from its snapshot. */
async function driftFrom(database: Database, reported: readonly store.ReportedRow[]): Promise<Coverage['drift']> {
  const drift: Coverage['drift'] = [];
  for (const { snapshot_id, tracked_hash, config_hash, settings, orders } of reported) {
    if (config_hash !== null && config_hash !== tracked_hash)
      drift.push({ snapshot_id, path: '', snapshot: tracked_hash, bot: config_hash, orders });
    if (settings === null) continue;
    const { config } = await snapshotById(database, snapshot_id);
    drift.push(...driftOf(config, settings).map((difference) => ({ snapshot_id, ...difference, orders })));
  }
  return drift;
}

/** How the orders filled in the hours before `now` are attributed. */
export function recentCoverage(
  database: Database,
  botId: string,
  { hours, now }: { hours: number; now: Date },
): Promise<Coverage> {
  const from = new Date(now.getTime() - hours * 3_600_000);
  return coverageBetween(database, botId, { from: from.toISOString(), to: now.toISOString() });
}
