import { callApi } from './client.ts';
import { recordsOf } from './records.ts';
import { type DemoTrade, drawTrades } from './trades.ts';

const DAY_MS = 86_400_000;
const DAYS_EACH = 7;

/** The two weeks of the documentation: seven days of a baseline, then seven of a test. */
const strategies = [
  {
    name: 'baseline',
    notes: 'Baseline: RSI weight 2.5',
    config: {
      score_buy_target: 5.5,
      score_sell_target: 5.5,
      indicator_weights: { rsi: 2.5, roc: 1.5, macd: 2.5 },
      min_indicators_required: 0,
      excluded_symbols: ['A8-USD'],
    },
    plan: {
      seed: 210,
      days: DAYS_EACH,
      winning: { trades: 28, pnl: 324_400 },
      losing: { trades: 182, pnl: 272_600 },
      fastExits: 15,
    },
  },
  {
    name: 'test',
    notes: 'Test: RSI weight 1.5, at least two indicators',
    config: {
      score_buy_target: 5.5,
      score_sell_target: 5.5,
      indicator_weights: { rsi: 1.5, roc: 1.5, macd: 2.5 },
      min_indicators_required: 2,
      excluded_symbols: ['A8-USD'],
    },
    plan: {
      seed: 78,
      days: DAYS_EACH,
      winning: { trades: 23, pnl: 344_900 },
      losing: { trades: 55, pnl: 160_400 },
      fastExits: 2,
    },
  },
];

export const FORTNIGHT_DAYS = strategies.length * DAYS_EACH;

/** Plays the fortnight before `today` (its midnight in UTC, in milliseconds) through the HTTP API: each day's fills and links as
 *  the bot sends them, each night's summary as the schedule fires it, and in the end the
 *  report and the review. */
export async function playFortnight(
  api: string,
  today: number,
  said: (day: number, what: string) => void,
): Promise<void> {
  const begin = today - FORTNIGHT_DAYS * DAY_MS;
  for (const [s, { name, notes, config, plan }] of strategies.entries()) {
    const active_from = new Date(begin + s * DAYS_EACH * DAY_MS).toISOString();
    await callApi(`${api}/snapshots`, 'POST', { config, notes, active_from, created_by: 'demo' });
    const trades = drawTrades(plan);
    for (let d = 0; d < DAYS_EACH; d++) {
      const day = s * DAYS_EACH + d;
      const midnight = begin + day * DAY_MS;
      said(day, `${name}, day ${d + 1}`);
      await playDay(
        api,
        trades.filter((trade) => trade.day === d),
        { name: `${name}-${d + 1}`, midnight },
      );
      await callApi(
        `${api}/_local/schedules/daily-summary?at=${new Date(midnight + DAY_MS + 5 * 60_000).toISOString()}`,
        'POST',
      );
    }
  }
  said(FORTNIGHT_DAYS, 'the mails');
  const morning = new Date(today + 7 * 3_600_000).toISOString();
  for (const schedule of ['daily-report', 'weekly-review'])
    await callApi(`${api}/_local/schedules/${schedule}?at=${morning}`, 'POST');
}

/** Links come before the fills on even trades and after them on odd ones, as it happens to a bot. */
async function playDay(
  api: string,
  trades: readonly DemoTrade[],
  { name, midnight }: { name: string; midnight: number },
): Promise<void> {
  const records = trades.map((trade, i) => recordsOf(trade, `${name}-${i + 1}`, midnight));
  const early = records.filter((_, i) => i % 2 === 0);
  const late = records.filter((_, i) => i % 2 === 1);
  await callApi(
    `${api}/trade-links`,
    'POST',
    early.flatMap(({ links }) => links),
  );
  await callApi(
    `${api}/fills`,
    'POST',
    records.flatMap(({ fills }) => fills),
  );
  await callApi(
    `${api}/trade-links`,
    'POST',
    late.flatMap(({ links }) => links),
  );
}
