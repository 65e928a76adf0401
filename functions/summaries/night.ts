import type { Database } from '../database/database.ts';
import * as store from './store.ts';
import { lastCompletedDay, pagesOfBots, summariseBot } from './summaries.ts';
import { type Findings, watchBots } from './watch.ts';

/** A bot that a night has to summarise: a message of the queue. */
export interface NightlyBot {
  readonly run_id: number;
  /** The trading day that ended. */
  readonly date: string;
  readonly bot_id: string;
}

/** Begins the night of the trading day before an instant: hands every bot over, page by page. */
export async function beginNight(
  database: Database,
  at: string,
  handOver: (bots: readonly NightlyBot[]) => Promise<void>,
): Promise<{ date: string; run_id: number; bots: number; is_complete: boolean }> {
  const date = await lastCompletedDay(database, at);
  const run_id = await store.beginRun(database, { trigger: 'schedule', from: date, to: date });
  let total = 0;
  for await (const bots of pagesOfBots(database)) {
    await handOver(bots.map((bot_id) => ({ run_id, date, bot_id })));
    total += bots.length;
  }
  const nothing = { bots: [], rows: 0, first_day: null, error: null };
  return { date, run_id, bots: total, is_complete: await store.finishBots(database, run_id, { ...nothing, total }) };
}

/** What a night did with some of its bots. */
export interface NightOfBots {
  readonly rows: number;
  /** By bot: why it is not done, and has to be tried again. */
  readonly failures: ReadonlyMap<string, unknown>;
  readonly findings: Findings;
  /** Whether these were the last bots of the night. */
  readonly is_complete: boolean;
}

/** Summarises bots of a night, and checks the day of those that are done. A bot that fails does not delay the others. It may be repeated, whole
 *  or in part: what is done already changes nothing. */
export async function summariseNight(
  database: Database,
  { run_id, date, bots }: { readonly run_id: number; readonly date: string; readonly bots: readonly string[] },
  neverLinking: readonly string[],
  mayContinue: () => boolean,
): Promise<NightOfBots> {
  const done: string[] = [];
  const failures = new Map<string, unknown>();
  let rows = 0;
  let first_day: string | null = null;
  for (const bot of bots) {
    try {
      if (!mayContinue()) throw new Error('there was no time left for it');
      const summarised = await summariseBot(database, bot, { from: null, to: date }, mayContinue);
      rows += summarised.rows;
      if (summarised.first_day && (!first_day || summarised.first_day < first_day)) first_day = summarised.first_day;
      if (summarised.next_from) throw new Error(`not finished: days from ${summarised.next_from} on are left`);
      done.push(bot);
    } catch (error) {
      failures.set(bot, error);
    }
  }
  const [failed] = failures;
  const findings = await watchBots(database, { date, bots: done }, neverLinking);
  const error = failed ? `${failed[0]}: ${failed[1]}` : null;
  const is_complete = await store.finishBots(database, run_id, { bots: done, rows, first_day, total: null, error });
  return { rows, failures, findings, is_complete };
}
