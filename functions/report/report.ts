import { compareStrategies } from '../comparison/comparison.ts';
import type { Strategy } from '../comparison/contract.ts';
import type { Verdict } from '../comparison/verdict/contract.ts';
import type { Database } from '../database/database.ts';
import { InvalidInput } from '../errors.ts';
import { dayAfter } from '../summaries/days.ts';
import { bringUpToDate, tradingDay } from '../summaries/summaries.ts';
import type { Coverage } from '../trades/contract.ts';
import { coverageBetween } from '../trades/trades.ts';
import * as store from './store.ts';

/** What a report says, before it is written as HTML or text. Both show these numbers and compute none. */
export interface Report {
  readonly kind: 'daily';
  readonly date: string;
  readonly time_zone: string;
  readonly bots: readonly BotSection[];
}

export interface BotSection {
  readonly bot_id: string;
  readonly day: store.Day;
  readonly outside: store.Outside;
  readonly strategies: readonly Strategy[];
  readonly verdict: Verdict | null;
  readonly coverage: Coverage;
}

/** How many strategies the table shows. */
const STRATEGIES = 3;

/** The report of a trading day, by default the one before `now`. Marked days are brought up to date first.
 *  @throws InvalidInput when the day has not begun */
export async function reportFor(
  database: Database,
  { date, botId, now }: { date?: string | undefined; botId?: string | undefined; now: Date },
  mayGoOn: () => boolean,
): Promise<Report> {
  const today = await tradingDay(database, now.toISOString());
  const day = date ?? dayAfter(today, -1);
  if (day > today) throw new InvalidInput([{ path: 'date', message: `must not lie in the future: today is ${today}` }]);

  await bringUpToDate(database, { to: day === today ? today : dayAfter(today, -1), trigger: 'report' }, mayGoOn);
  const { time_zone, begins_at, ends_at } = await store.calendarOf(database, day);
  const bots = botId === undefined ? await store.botsKnownBy(database, ends_at) : [botId];
  const sections = [];
  for (const bot of bots) sections.push(await sectionOf(database, bot, { date: day, from: begins_at, to: ends_at }));
  return { kind: 'daily', date: day, time_zone, bots: sections };
}

/** Everything as it stood when the day ended, so that the report of a day is the same whenever it is asked for. */
async function sectionOf(
  database: Database,
  botId: string,
  day: { date: string; from: string; to: string },
): Promise<BotSection> {
  const [ofDay, outside, { strategies, verdict }, coverage] = await Promise.all([
    store.dayOf(database, botId, day.date),
    store.tradesOutside(database, botId, day),
    compareStrategies(database, {
      bot_id: botId,
      at: day.to,
      through: day.date,
      completed: day.date,
      limit: STRATEGIES,
    }),
    coverageBetween(database, botId, day),
  ]);
  return { bot_id: botId, day: ofDay, outside, strategies, verdict, coverage };
}
