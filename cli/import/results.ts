import type { DatabaseSync } from 'node:sqlite';
import { compareStrategies, type Strategy } from '../../functions/comparison/contract.ts';
import { summariseDays } from '../../functions/summaries/contract.ts';
import { type Api, UnexpectedStatus } from '../service/api.ts';
import { storedPeriods } from './send-snapshots.ts';
import { rows } from './staging.ts';

/** What the service makes of the history of a bot. */
export interface BotResults {
  readonly bot_id: string;
  readonly strategies: readonly Strategy[];
  /** Orders filled before the first snapshot: they count for no strategy. */
  readonly orders_without_snapshot: number;
}

/** The longest range of one request, in days. */
const MOST_DAYS = 366;
const DAY_MS = 86_400_000;
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
  await computeDays(api, { bot_id, from: dayOf(first, -1), to: dayOf(last, 1) }, (day) => onDay(bot_id, day));
  const { body } = await api(compareStrategies, { query: { bot_id, limit: MOST_STRATEGIES } });
  return { bot_id, strategies: body.strategies, orders_without_snapshot: orders };
}

/** The day of a time in UTC, moved by some days: the trading day may be the one before or after. */
const dayOf = (at: string, days: number): string => new Date(Date.parse(at) + days * DAY_MS).toISOString().slice(0, 10);

interface Days {
  readonly bot_id: string;
  readonly from: string;
  readonly to: string;
}

async function computeDays(api: Api, { bot_id, from, to }: Days, onDay: (day: string) => void): Promise<void> {
  for (let begin: string | null = from; begin !== null && begin <= to; ) {
    onDay(begin);
    const end = [dayOf(begin, MOST_DAYS - 1), to].sort()[0] ?? to;
    begin = await computed(api, { bot_id, from: begin, to: end });
  }
}

/** @returns the day to go on with; null when the range ends with today, of which the service knows no later day */
async function computed(api: Api, days: Days): Promise<string | null> {
  try {
    const { next_from } = (await api(summariseDays, { body: days })).body;
    return next_from ?? dayOf(days.to, 1);
  } catch (error) {
    const isFuture = error instanceof UnexpectedStatus && error.status === 400 && days.from < days.to;
    if (!isFuture) throw error;
    return computed(api, { ...days, to: dayOf(days.to, -1) }).then(() => null);
  }
}
