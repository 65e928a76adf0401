import type { ComparisonSettings } from '../comparison/settings.ts';
import type { Database } from '../database/database.ts';
import { InvalidInput } from '../errors.ts';
import { dayAfter } from '../summaries/days.ts';
import { bringUpToDate, tradingDay } from '../summaries/summaries.ts';
import * as store from './store.ts';

/** What is asked for: the report of a day (by default the last complete one before `now`), of one bot or of all. */
export interface ReportRequest {
  readonly date?: string | undefined;
  readonly botId?: string | undefined;
  readonly now: Date;
  readonly settings: ComparisonSettings;
}

/** The trading days that a report covers, what of them is complete, and whom it tells of. */
export interface ReportWindow extends store.Window {
  readonly time_zone: string;
  /** Whether the last of them is over. */
  readonly complete: boolean;
  /** The last day that is over: what a verdict looks at. */
  readonly completed: string;
  readonly bots: readonly string[];
}

/** The window of so many days up to the one that is asked for. Marked days are brought up to date first.
 *  @throws InvalidInput when the day has not begun */
export async function windowOf(
  database: Database,
  { now, date, botId }: ReportRequest,
  { days, mayGoOn }: { days: number; mayGoOn: () => boolean },
): Promise<ReportWindow> {
  const today = await tradingDay(database, now.toISOString());
  const yesterday = dayAfter(today, -1);
  const last = date ?? yesterday;
  if (last > today)
    throw new InvalidInput([{ path: 'date', message: `must not lie in the future: today is ${today}` }]);

  await bringUpToDate(
    database,
    { to: last === today ? today : yesterday, trigger: 'report', bot_id: botId ?? null },
    mayGoOn,
  );
  const span = { first: dayAfter(last, 1 - days), last };
  const calendar = await store.calendarOf(database, span);
  const bots = botId === undefined ? await store.botsKnownBy(database, calendar.to) : [botId];
  return { ...span, ...calendar, complete: last < today, completed: last < today ? last : yesterday, bots };
}
