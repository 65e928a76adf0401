import { summariseDays } from '../../functions/summaries/contract.ts';
import { type Api, UnexpectedStatus } from './api.ts';

/** The longest range of one request, in days. */
const MOST_DAYS = 366;
const DAY_MS = 86_400_000;

/** The day of a time in UTC, moved by some days: the trading day may be the one before or after. */
const dayOf = (at: string, days: number): string => new Date(Date.parse(at) + days * DAY_MS).toISOString().slice(0, 10);

interface Days {
  readonly bot_id: string;
  readonly from: string;
  readonly to: string;
}

interface Filled {
  readonly bot_id: string;
  /** When the first and the last fill were made. */
  readonly first: string;
  readonly last: string;
}

/** Computes the days of these fills, so that comparisons and reports have them before the service computes them at night. */
export async function computeDays(
  api: Api,
  { bot_id, first, last }: Filled,
  onDay: (day: string) => void,
): Promise<void> {
  const [from, to] = [dayOf(first, -1), dayOf(last, 1)];
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
