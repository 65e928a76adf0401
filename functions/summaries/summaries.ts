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
  readonly bots: readonly string[];
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
    { trigger: 'request', bots: [bot_id], from, to },
    () => now().getTime() - began.getTime() < REQUEST_MS,
  );
  return { from, to, days: daysBetween(from, to), rows, ...(next_from ? { next_from } : {}) };
}

export { tradingDay } from './store.ts';

/** The last trading day that ended before an instant. */
export async function lastCompletedDay(database: Database, at: string): Promise<string> {
  return dayAfter(await store.tradingDay(database, at), -1);
}

/** Brings bots up to date through a day: that day, missed days before it, and marked rows. */
export function bringUpToDate(
  database: Database,
  { to, trigger, bots }: { to: string; trigger: store.RunTrigger; bots: readonly string[] },
  mayContinue: () => boolean,
): Promise<{ rows: number; next_from: string | null }> {
  return run(database, { trigger, bots, from: null, to }, mayContinue);
}

/** Executes a run and records its start and its outcome. */
async function run(
  database: Database,
  { trigger, bots, from, to }: Range,
  mayContinue: () => boolean,
): Promise<{ rows: number; next_from: string | null }> {
  const run_id = await store.beginRun(database, { trigger, from: from ?? to, to });
  let rows = 0;
  try {
    let next_from: string | null = null;
    const failures: unknown[] = [];
    for (const bot of bots) {
      try {
        const done = await summariseBot(database, bot, { from, to }, mayContinue);
        rows += done.rows;
        next_from = earlier(next_from, done.next_from);
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

/** Most bots that one statement reads. */
const BOTS_PER_PAGE = 1000;

/** The ids of all bots, page by page. */
export async function* pagesOfBots(database: Database): AsyncGenerator<string[]> {
  let after = '';
  for (;;) {
    const bots = await store.botsAfter(database, after, BOTS_PER_PAGE);
    const last = bots.at(-1);
    if (last === undefined) return;
    yield bots;
    after = last;
  }
}

/** What was recomputed of a bot. */
export interface Summarised {
  /** Of the days that were asked for. */
  readonly rows: number;
  /** The first day that was due; null: none was. */
  readonly first_day: string | null;
  /** The first day that is left because time was up; null: all is done. */
  readonly next_from: string | null;
}

/** Brings a bot up to date: matches what waits to be matched, and recomputes all rows of the days from `from`, or without it what is missing or
 *  marked, in at least one step. Then recomputes its other marked rows as far as time allows. */
export async function summariseBot(
  database: Database,
  bot: string,
  { from, to }: { readonly from: string | null; readonly to: string },
  mayContinue: () => boolean,
): Promise<Summarised> {
  const {
    first_day = null,
    last_day = null,
    is_pending = false,
  } = (await store.markDays(database, bot, { from, to })) ?? {};
  if (first_day === null && !is_pending) return { rows: 0, first_day, next_from: null };
  if (is_pending) await finishMatching(database, bot);
  const begin = from ?? FIRST_DAY;
  const done = await inSteps(database, bot, { from: begin, to }, mayContinue);
  // Matching may have marked any day.
  const hasOthers = is_pending || (first_day ?? begin) < begin || (last_day ?? to) > to;
  if (done.next_from === null && hasOthers) await inSteps(database, bot, { from: FIRST_DAY, to: null }, mayContinue);
  return { ...done, first_day };
}

/** Recomputes the marked rows of a bot step by step, at least one step. */
async function inSteps(
  database: Database,
  bot: string,
  days: { from: string; to: string | null },
  mayContinue: () => boolean,
): Promise<{ rows: number; next_from: string | null }> {
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
