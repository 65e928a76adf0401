import type { ComparisonSettings } from '../comparison/settings.ts';
import { page as pageOf } from '../contract/page.ts';
import type { Database } from '../database/database.ts';
import { InvalidInput } from '../errors.ts';
import { dayAfter } from '../summaries/days.ts';
import { bringUpToDate, tradingDay } from '../summaries/summaries.ts';
import * as store from './store.ts';

/** Which report to make. */
export interface ReportRequest {
  /** The trading day; by default the last complete one before `now`. */
  readonly date?: string | undefined;
  /** By default all bots. */
  readonly botId?: string | undefined;
  /** The bots that the reader may see; by default all. A parallel test with another one is left out. */
  readonly among?: readonly string[] | null;
  /** Of all bots, those of a page. */
  readonly page?: { readonly limit: number; readonly cursor?: readonly [after: string] | undefined };
  readonly now: Date;
  readonly settings: ComparisonSettings;
}

/** The trading days and bots that a report covers. */
export interface ReportWindow extends store.Window {
  readonly time_zone: string;
  /** Whether the last day is over. */
  readonly complete: boolean;
  /** The last day that is over; a verdict includes days up to it. */
  readonly completed: string;
  readonly bots: readonly string[];
  /** The bots that the reader may see; null: all. */
  readonly among: readonly string[] | null;
  /** Of the next page of bots; null: these are all. */
  readonly next_cursor: string | null;
}

/** Determines the window of `days` trading days up to the requested one, and brings marked days of its bots up to date first.
 *  @throws InvalidInput when the day has not begun */
export async function windowOf(
  database: Database,
  { now, date, botId, among = null, page }: ReportRequest,
  { days, mayContinue }: { days: number; mayContinue: () => boolean },
): Promise<ReportWindow> {
  const today = await tradingDay(database, now.toISOString());
  const yesterday = dayAfter(today, -1);
  const last = date ?? yesterday;
  if (last > today) throw new InvalidInput([{ path: 'date', message: `must not be in the future: today is ${today}` }]);

  const span = { first: dayAfter(last, 1 - days), last };
  const calendar = await store.calendarOf(database, span);
  const { bots, next_cursor } =
    botId === undefined ? await botsOf(database, calendar.to, page) : { bots: [botId], next_cursor: null };
  const to = last === today ? today : yesterday;
  await bringUpToDate(database, { to, trigger: 'report', bots }, mayContinue);
  return {
    ...span,
    ...calendar,
    complete: last < today,
    completed: last < today ? last : yesterday,
    bots,
    among,
    next_cursor,
  };
}

/** The bots that are known by an instant: all, or those of a page. */
async function botsOf(
  database: Database,
  instant: string,
  page: ReportRequest['page'],
): Promise<{ bots: readonly string[]; next_cursor: string | null }> {
  if (page === undefined) return { bots: await store.botsKnownBy(database, instant, {}), next_cursor: null };
  const { limit, cursor: [after] = [''] } = page;
  const { items, next_cursor } = await pageOf(
    limit,
    (most) => store.botsKnownBy(database, instant, { after, limit: most }),
    (bot_id) => [bot_id],
  );
  return { bots: items, next_cursor };
}

/** The instants [from, to) of a range of trading days. */
export async function instantsOf(
  database: Database,
  days: { readonly first: string; readonly last: string },
): Promise<{ from: string; to: string }> {
  const { from, to } = await store.calendarOf(database, days);
  return { from, to };
}
