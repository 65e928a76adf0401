import { page } from '../contract/page.ts';
import type { Database } from '../database/database.ts';
import { InvalidInput } from '../errors.ts';
import { finishMatching } from '../trades/recording.ts';
import type { SummariseDays, Summary } from './contract.ts';
import { dayAfter, daysBetween } from './days.ts';
import * as store from './store.ts';

/** Most days per request. */
const MOST_DAYS = 366;
const FIRST_DAY = '1970-01-01';

/** Rows recomputed per step. A step is one statement, which has to stay under the Data API's 45 s. */
const ROWS_PER_STEP = 100;

/** Time that a request may compute, in milliseconds, within API Gateway's 30 s. */
const REQUEST_MS = 20_000;

interface Range {
  readonly trigger: store.RunTrigger;
  readonly bot_id: string | null;
  readonly from: string | null;
  readonly to: string;
}

/** Computes the summaries of a range of days on request. @throws InvalidInput when the range is reversed, too long or in the future */
export async function summariseDays(database: Database, request: SummariseDays, now: () => Date) {
  const { from, bot_id } = request;
  const to = request.to ?? from;
  const began = now();
  const today = await store.tradingDay(database, began.toISOString());
  const refuse = (path: string, message: string): never => {
    throw new InvalidInput([{ path, message }]);
  };
  if (to < from) refuse('/to', 'must not be before from');
  if (to > today) refuse(request.to ? '/to' : '/from', `must not be in the future: today is ${today}`);
  if (daysBetween(from, to) > MOST_DAYS) refuse('/to', `${daysBetween(from, to)} days; at most ${MOST_DAYS} at once`);

  const { rows, next_from } = await run(
    database,
    { trigger: 'request', bot_id, from, to },
    () => now().getTime() - began.getTime() < REQUEST_MS,
  );
  return { from, to, days: daysBetween(from, to), rows, ...(next_from ? { next_from } : {}) };
}

export { tradingDay } from './store.ts';

/** The last trading day that ended before an instant. */
export async function lastCompletedDay(database: Database, at: string): Promise<string> {
  return dayAfter(await store.tradingDay(database, at), -1);
}

/** Brings every bot, or one, up to date through a day: that day, missed days before it, and marked rows. */
export function bringUpToDate(
  database: Database,
  { to, trigger, bot_id = null }: { to: string; trigger: store.RunTrigger; bot_id?: string | null },
  mayContinue: () => boolean,
): Promise<{ rows: number; next_from: string | null }> {
  return run(database, { trigger, bot_id, from: null, to }, mayContinue);
}

/** The nightly work: summarizes everything up to the trading day before an instant. */
export async function summariseUpToYesterday(database: Database, at: string, mayContinue: () => boolean) {
  const date = await lastCompletedDay(database, at);
  return { date, ...(await bringUpToDate(database, { to: date, trigger: 'schedule' }, mayContinue)) };
}

/** Executes a run and records its start and its outcome. After its own days, it recomputes other marked rows as far as time allows; those
 *  are not counted in `rows`. */
async function run(
  database: Database,
  range: Range,
  mayContinue: () => boolean,
): Promise<{ rows: number; next_from: string | null }> {
  const { run_id, bots } = await store.beginRun(database, range);
  let rows = 0;
  try {
    let next_from: string | null = null;
    const failures: unknown[] = [];
    for (const bot of bots) {
      try {
        await finishMatching(database, bot);
        const done = await summariseBot(database, bot, { from: range.from ?? FIRST_DAY, to: range.to }, mayContinue);
        rows += done.rows;
        next_from = earlier(next_from, done.next_from);
        if (done.next_from === null) await summariseBot(database, bot, { from: FIRST_DAY, to: null }, mayContinue);
      } catch (error) {
        // A failure of one bot must not delay the others.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    await store.finishRun(database, run_id, { rows, outcome: next_from ? 'unfinished' : 'succeeded', error: null });
    return { rows, next_from };
  } catch (error) {
    await store.finishRun(database, run_id, { rows, outcome: 'failed', error: String(error) }).catch(() => {});
    throw error;
  }
}

/** Recomputes the marked rows of a bot step by step, at least one step. */
async function summariseBot(
  database: Database,
  bot: string,
  days: { from: string; to: string | null },
  mayContinue: () => boolean,
) {
  let rows = 0;
  let next_from: string | null = days.from;
  do {
    const step: { rows: number; next_from: string | null } = await store.summariseStep(database, bot, {
      ...days,
      from: next_from,
      limit: ROWS_PER_STEP,
    });
    rows += step.rows;
    next_from = step.next_from;
  } while (next_from && mayContinue());
  return { rows, next_from };
}

const earlier = (a: string | null, b: string | null): string | null => (a && b ? (a < b ? a : b) : (a ?? b));

export async function listSummaries(
  database: Database,
  query: store.SummaryFilter & { limit: number },
): Promise<{ summaries: readonly Summary[]; next_cursor: string | null }> {
  const { items, next_cursor } = await page(
    query.limit,
    (limit) => store.summaries(database, query, limit),
    ({ date, active_from }) => [date, active_from],
  );
  return { summaries: items.map(({ active_from: _, ...summary }) => summary), next_cursor };
}
