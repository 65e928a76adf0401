import { type Day, sum } from './day.ts';

/** What has to hold in each arm before anything is looked at. Without the last, a candidate with rare big wins would be
 *  reverted falsely 12–32 % of the time. */
const DAYS = 7;
const TRADES = 30;
const OF_A_KIND = 10;
const OF_A_RARE_KIND = 15;
const RARE = 0.1;

/** What an arm still lacks. */
export interface Shortfall {
  readonly arm: 'baseline' | 'candidate';
  readonly what: 'days' | 'trades' | 'winning_trades' | 'losing_trades';
  readonly has: number;
  readonly needs: number;
}

export function shortfalls(arm: Shortfall['arm'], days: readonly Day[]): Shortfall[] {
  const trades = sum(days, (day) => day.trades);
  const ofAKind = (count: number) => (count < RARE * trades ? OF_A_RARE_KIND : OF_A_KIND);
  const winning = sum(days, (day) => day.winning);
  const losing = sum(days, (day) => day.losing);
  const gates: readonly Shortfall[] = [
    { arm, what: 'days', has: days.length, needs: DAYS },
    { arm, what: 'trades', has: trades, needs: TRADES },
    { arm, what: 'winning_trades', has: winning, needs: ofAKind(winning) },
    { arm, what: 'losing_trades', has: losing, needs: ofAKind(losing) },
  ];
  return gates.filter(({ has, needs }) => has < needs);
}

/** Further days until an arm passes at its own pace, or null when it never had what it lacks. */
export function daysToPass(arm: Shortfall['arm'], days: readonly Day[]): number | null {
  const waits = shortfalls(arm, days).map(({ what, has, needs }) => {
    if (what === 'days') return needs - has;
    return has === 0 ? null : Math.ceil(((needs - has) * days.length) / has);
  });
  return waits.includes(null) ? null : Math.max(0, ...waits.map(Number));
}
