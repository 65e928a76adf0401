import { compareStrategies, verdictFor } from '../comparison/comparison.ts';
import type { Strategy } from '../comparison/contract.ts';
import type { ComparisonSettings } from '../comparison/settings.ts';
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
  /** An earlier mail that late changes have overtaken, in a sentence. */
  readonly correction: string | null;
  readonly coverage: Coverage;
}

/** How many strategies the table shows. */
const STRATEGIES = 3;

/** What is asked for: the report of a day (by default the last complete one before `now`), of one bot or of all. */
export interface ReportRequest {
  readonly date?: string | undefined;
  readonly botId?: string | undefined;
  readonly now: Date;
  readonly settings: ComparisonSettings;
}

/** A trading day, and what of it is complete. */
interface ReportDay {
  readonly date: string;
  readonly from: string;
  readonly to: string;
  readonly completed: string;
}

/** The report of a trading day. Marked days are brought up to date first. @throws InvalidInput when the day has not begun */
export async function reportFor(database: Database, request: ReportRequest, mayGoOn: () => boolean): Promise<Report> {
  const { now, botId, settings } = request;
  const today = await tradingDay(database, now.toISOString());
  const yesterday = dayAfter(today, -1);
  const date = request.date ?? yesterday;
  if (date > today)
    throw new InvalidInput([{ path: 'date', message: `must not lie in the future: today is ${today}` }]);

  const completed = date < today ? date : yesterday;
  await bringUpToDate(database, { to: date === today ? today : yesterday, trigger: 'report' }, mayGoOn);
  const { time_zone, begins_at: from, ends_at: to } = await store.calendarOf(database, date);
  const bots = botId === undefined ? await store.botsKnownBy(database, to) : [botId];
  const sections = [];
  for (const bot of bots)
    sections.push(await sectionOf(database, bot, { day: { date, from, to, completed }, settings }));
  return { kind: 'daily', date, time_zone, bots: sections };
}

/** Everything as it stood when the day ended, so that the report of a day is the same whenever it is asked for. */
async function sectionOf(
  database: Database,
  bot_id: string,
  { day, settings }: { day: ReportDay; settings: ComparisonSettings },
): Promise<BotSection> {
  const { date, to, completed } = day;
  const [ofDay, outside, { strategies, verdict }, coverage, correction] = await Promise.all([
    store.dayOf(database, bot_id, date),
    store.tradesOutside(database, bot_id, day),
    compareStrategies(database, { bot_id, settings, at: to, through: date, completed, limit: STRATEGIES }),
    coverageBetween(database, bot_id, day),
    correctionOf(database, bot_id, { date, settings }),
  ]);
  return { bot_id, day: ofDay, outside, strategies, verdict, correction, coverage };
}

/** What the last mail said of a decision, where late changes to its days have made it say something else. */
async function correctionOf(
  database: Database,
  bot_id: string,
  { date, settings }: { date: string; settings: ComparisonSettings },
): Promise<string | null> {
  const mailed = await store.lastMailedVerdict(database, bot_id, date);
  if (!mailed) return null;
  const { baseline_snapshot_id: baseline, candidate_snapshot_id: candidate, ...said } = mailed;
  const now = await verdictFor(database, {
    bot_id,
    settings,
    at: mailed.ends_at,
    through: mailed.date,
    baseline,
    candidate,
  });
  if (!now || (now.kind === said.verdict && now.decided_on === said.decided_on)) return null;
  const words = (kind: string, decided: string | null) =>
    `“${kind.replaceAll('_', ' ')}”${decided ? ` of ${decided}` : ''}`;
  return `The report of ${said.date} said ${words(said.verdict, said.decided_on)}. Late changes to its days make that ${words(now.kind, now.decided_on)}.`;
}
