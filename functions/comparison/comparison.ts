import type { Database } from '../database/database.ts';
import type { Strategy } from './contract.ts';
import * as store from './store.ts';

/** The latest strategies of a bot as they stood at an instant, the newest first, pooled over the days up to `through`. */
export async function compareStrategies(
  database: Database,
  botId: string,
  of: { at: string; through: string; limit: number },
): Promise<{ strategies: Strategy[]; verdict: null }> {
  return { strategies: await store.strategies(database, botId, of), verdict: null };
}
