import type { ComparisonSettings } from '../comparison/settings.ts';
import { page as pageOf } from '../contract/page.ts';
import type { Database } from '../database/database.ts';
import { InvalidInput } from '../errors.ts';
import { dayAfter } from '../summaries/days.ts';
import { bringUpToDate, tradingDay } from '../summaries/summaries.ts';
import type { MailingList } from './lists/list.ts';
import * as store from './store.ts';

/** Which report to make. */
export interface ReportRequest {
  /** The trading day; by default the last complete one before `now`. */
  readonly date?: string | undefined;
  /** By default all bots. */
  readonly botId?: string | undefined;
  /** The bots that the reader may see; by default all. A parallel test with another one is left out. */
  readonly among?: readonly string[] | null;
  /** Of all bots, those of this list; by default every one. */
  readonly list?: MailingList | undefined;
  /** Of all bots, those of a page. By default as many as a mail has room for. */
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
  /** Of the next page of bots; null: these are all, or it is not a page. */
  readonly next_cursor: string | null;
  /** Bots that a mail has no room for. */
  readonly left_out: number;
}

/** Most bots of a mail. */
const MOST_MAILED = 100;

/** Determines the window of `days` trading days up to the requested one, and brings marked days of its bots up to date first.
 *  @throws InvalidInput when the day has not begun */
export async function windowOf(
  database: Database,
  { now, date, botId, list, among = null, page }: ReportRequest,
  { days, mayContinue }: { days: number; mayContinue: () => boolean },
): Promise<ReportWindow> {
  const today = await tradingDay(database, now.toISOString());
  const yesterday = dayAfter(today, -1);
  const last = date ?? yesterday;
  if (last > today) throw new InvalidInput([{ path: 'date', message: `must not be in the future: today is ${today}` }]);

  const span = { first: dayAfter(last, 1 - days), last };
  const calendar = await store.calendarOf(database, span);
  const covered =
    botId === undefined
      ? await botsOf(database, { ...calendar, list: list?.id }, page)
      : { bots: [botId], next_cursor: null, left_out: 0 };
  const to = last === today ? today : yesterday;
  await bringUpToDate(database, { to, trigger: 'report', bots: covered.bots }, mayContinue);
  const completed = last < today ? last : yesterday;
  // A parallel test shows the figures of both its bots: the recipients of one do not get the other's.
  const readable = list?.id ? covered.bots : among;
  return { ...span, ...calendar, complete: last < today, completed, ...covered, among: readable };
}

/** The bots that are known by then: those of a page, or those that a mail has room for, busy ones first. */
async function botsOf(
  database: Database,
  { from, to, list }: { readonly from: string; readonly to: string; readonly list: string | undefined },
  page: ReportRequest['page'],
): Promise<Pick<ReportWindow, 'bots' | 'next_cursor' | 'left_out'>> {
  if (page === undefined) {
    const { bots, known } = await store.busiestBots(database, { from, to, list }, MOST_MAILED);
    return { bots, next_cursor: null, left_out: known - bots.length };
  }
  const { limit, cursor: [after] = [''] } = page;
  const { items, next_cursor } = await pageOf(
    limit,
    (most) => store.botsKnownBy(database, to, { after, limit: most }),
    (bot_id) => [bot_id],
  );
  return { bots: items, next_cursor, left_out: 0 };
}

/** The instants [from, to) of a range of trading days. */
export async function instantsOf(
  database: Database,
  days: { readonly first: string; readonly last: string },
): Promise<{ from: string; to: string }> {
  const { from, to } = await store.calendarOf(database, days);
  return { from, to };
}
