import { saveSnapshot } from '../../functions/snapshots/contract.ts';
import { linkTrades } from '../../functions/trade-links/contract.ts';
import { recordFills } from '../../functions/trades/contract.ts';
import { type Api, apiBy } from '../service/api.ts';
import { fireSchedule } from '../service/schedules.ts';
import type { Send } from '../service/send.ts';
import { type DemoRecords, recordsOf } from './records.ts';
import { drawTrades, type Plan } from './trades.ts';

const DAY_MS = 86_400_000;
const DAYS_EACH = 7;

/** Settings that both strategies share. */
const baselineConfig = {
  score_buy_target: 5.5,
  score_sell_target: 5.5,
  indicator_weights: { rsi: 2.5, roc: 1.5, macd: 2.5 },
  min_indicators_required: 0,
  excluded_symbols: ['A8-USD'],
};

/** The two weeks of the documentation: seven days of a baseline, then seven of a test. */
const strategies: readonly { name: string; notes: string; config: object; plan: Plan }[] = [
  {
    name: 'baseline',
    notes: 'Baseline: RSI weight 2.5',
    config: baselineConfig,
    plan: {
      ...{ seed: 210, days: DAYS_EACH, fastExits: 15 },
      winning: { trades: 28, pnl: 324_400 },
      losing: { trades: 182, pnl: 272_600 },
    },
  },
  {
    name: 'test',
    notes: 'Test: RSI weight 1.5, at least two indicators',
    config: {
      ...baselineConfig,
      indicator_weights: { ...baselineConfig.indicator_weights, rsi: 1.5 },
      min_indicators_required: 2,
    },
    plan: {
      ...{ seed: 78, days: DAYS_EACH, fastExits: 2 },
      winning: { trades: 23, pnl: 344_900 },
      losing: { trades: 55, pnl: 160_400 },
    },
  },
];

export const FORTNIGHT_DAYS = strategies.length * DAYS_EACH;

/** Plays the fortnight before `today` (midnight in UTC, in milliseconds) through the HTTP API: the fills and links of each day as a
 *  bot sends them, the summary of each night as the schedule fires it, and at the end the report and the review.
 *  @throws Error when the service refuses something or a run fails */
export async function playFortnight(
  send: Send,
  today: number,
  onDay: (daysPlayed: number, what: string) => void,
): Promise<void> {
  const api = apiBy(send);
  const begin = today - FORTNIGHT_DAYS * DAY_MS;
  for (const [s, { name, notes, config, plan }] of strategies.entries()) {
    const active_from = new Date(begin + s * DAYS_EACH * DAY_MS).toISOString();
    await api(saveSnapshot, { body: { config, notes, active_from, created_by: 'demo' } });
    const trades = drawTrades(plan);
    for (let d = 0; d < DAYS_EACH; d++) {
      const day = s * DAYS_EACH + d;
      const midnight = begin + day * DAY_MS;
      onDay(day, `${name}, day ${d + 1}`);
      const ofDay = trades.filter((trade) => trade.day === d);
      await playDay(
        api,
        ofDay.map((trade, i) => recordsOf(trade, `${name}-${d + 1}-${i + 1}`, midnight)),
      );
      await fireSchedule(send, 'daily-summary', { at: new Date(midnight + DAY_MS + 5 * 60_000).toISOString() });
    }
  }
  onDay(FORTNIGHT_DAYS, 'the mails');
  const morning = new Date(today + 7 * 3_600_000).toISOString();
  for (const schedule of ['daily-report', 'weekly-review'] as const)
    await fireSchedule(send, schedule, { at: morning });
}

/** The links of even trades come before their fills and those of odd ones after, as with a real bot. */
async function playDay(api: Api, records: readonly DemoRecords[]): Promise<void> {
  const linksOf = (parity: 0 | 1) => records.filter((_, i) => i % 2 === parity).flatMap(({ links }) => links);
  await api(linkTrades, { body: linksOf(0) });
  await api(recordFills, { body: records.flatMap(({ fills }) => fills) });
  await api(linkTrades, { body: linksOf(1) });
}
