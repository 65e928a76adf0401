import type { DatabaseSync } from 'node:sqlite';
import { compareStrategies, type Strategy } from '../../functions/comparison/contract.ts';
import type { Api } from '../service/api.ts';
import { computeDays } from '../service/compute-days.ts';
import { storedPeriods } from './send-snapshots.ts';
import { rows } from './staging.ts';

/** What the service makes of the history of a bot. */
export interface BotResults {
  readonly bot_id: string;
  readonly strategies: readonly Strategy[];
  /** Orders filled before the first snapshot: they count for no strategy. */
  readonly orders_without_snapshot: number;
}

/** The most snapshots to report on. */
const MOST_STRATEGIES = 50;

interface History {
  readonly bot_id: string;
  readonly first: string;
  readonly last: string;
}

/** Computes the days of the imported fills and returns the strategies of each bot. */
export async function resultsOf(
  staging: DatabaseSync,
  api: Api,
  onDay: (bot_id: string, day: string) => void,
): Promise<BotResults[]> {
  const histories = rows<History>(
    staging,
    'SELECT bot_id, min(filled_at) AS first, max(filled_at) AS last FROM fills GROUP BY bot_id ORDER BY bot_id',
  );
  const results: BotResults[] = [];
  for (const history of histories) results.push(await resultsOfBot(staging, api, { ...history, onDay }));
  return results;
}

async function resultsOfBot(
  staging: DatabaseSync,
  api: Api,
  { bot_id, first, last, onDay }: History & { readonly onDay: (bot_id: string, day: string) => void },
): Promise<BotResults> {
  const stored = await storedPeriods(api, bot_id);
  const begins = stored.map(({ active_from }) => active_from).sort()[0] ?? '9999';
  const [{ orders } = { orders: 0 }] = rows<{ orders: number }>(
    staging,
    `SELECT count(DISTINCT order_id) AS orders FROM fills
     WHERE bot_id = ? AND coalesce(json_extract(body, '$.placed_at'), filled_at) < ? AND json_extract(body, '$.source') IS NOT 'manual'`,
    bot_id,
    begins,
  );
  if (begins > last) return { bot_id, strategies: [], orders_without_snapshot: orders };
  await computeDays(api, { bot_id, first, last }, (day) => onDay(bot_id, day));
  const { body } = await api(compareStrategies, { query: { bot_id, limit: MOST_STRATEGIES } });
  return { bot_id, strategies: body.strategies, orders_without_snapshot: orders };
}
