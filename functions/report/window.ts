import type { ComparisonSettings } from '../comparison/settings.ts';
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
}

/** Determines the window of `days` trading days up to the requested one, and brings marked days up to date first.
 *  @throws InvalidInput when the day has not begun */
export async function windowOf(
  database: Database,
  { now, date, botId }: ReportRequest,
  { days, mayContinue }: { days: number; mayContinue: () => boolean },
): Promise<ReportWindow> {
  const today = await tradingDay(database, now.toISOString());
  const yesterday = dayAfter(today, -1);
  const last = date ?? yesterday;
  if (last > today) throw new InvalidInput([{ path: 'date', message: `must not be in the future: today is ${today}` }]);

  await bringUpToDate(
    database,
    { to: last === today ? today : yesterday, trigger: 'report', bot_id: botId ?? null },
    mayContinue,
  );
  const span = { first: dayAfter(last, 1 - days), last };
  const calendar = await store.calendarOf(database, span);
  const bots = botId === undefined ? await store.botsKnownBy(database, calendar.to) : [botId];
  return { ...span, ...calendar, complete: last < today, completed: last < today ? last : yesterday, bots };
}

/** The instants [from, to) of a range of trading days. */
export async function instantsOf(
  database: Database,
  days: { readonly first: string; readonly last: string },
): Promise<{ from: string; to: string }> {
  const { from, to } = await store.calendarOf(database, days);
  return { from, to };
}
