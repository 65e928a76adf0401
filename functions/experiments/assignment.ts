import type { Database } from '../database/database.ts';
import { snapshotAt } from '../snapshots/snapshots.ts';
import type { Assignment } from './contract.ts';
import * as store from './store.ts';
import { timeOf } from './time.ts';

/** What a bot is to trade with at an instant. Between two runs of an experiment it is the baseline; without an experiment, the config of the
 *  active snapshot. @throws NotFound when the bot has neither */
export async function assignmentFor(database: Database, botId: string, at: string): Promise<Assignment> {
  const found = await store.assigned(database, botId, at);
  const configs = found ? await store.armConfigs(database, found.experiment_id) : [];
  const settingsOf = (arm: 'baseline' | 'candidate') => {
    const settings = configs.find((config) => config.arm === arm);
    if (!settings) throw new Error(`experiment ${found?.experiment_id} has no ${arm}`);
    return { config: settings.config, config_hash: settings.config_hash };
  };
  const current = found?.blocks.find((block) => block.current);
  const following = found?.blocks.find((block) => !block.current);
  const next =
    found && following
      ? {
          ...{ experiment_id: found.experiment_id, pair: following.pair, arm: following.arm },
          ...{ from: timeOf(following.from), until: timeOf(following.until), ...settingsOf(following.arm) },
        }
      : null;
  if (found && current) {
    const { pair, arm, from, until } = current;
    return {
      ...{ experiment_id: found.experiment_id, pair, arm, ...settingsOf(arm) },
      ...{ from: timeOf(from), until: timeOf(until), next },
    };
  }
  const waiting = { pair: null, from: null, until: next?.from ?? null, next };
  if (found?.begun)
    return { experiment_id: found.experiment_id, arm: 'baseline', ...settingsOf('baseline'), ...waiting };
  const { config, config_hash } = await snapshotAt(database, botId, at);
  return { experiment_id: null, arm: null, config, config_hash, ...waiting };
}
