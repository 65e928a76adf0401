import { thresholds } from '../../thresholds.ts';
import { type Day, sum } from './day.ts';

const { gates: needed } = thresholds;

/** What an arm still lacks. */
export interface Shortfall {
  readonly arm: 'baseline' | 'candidate';
  readonly what: 'days' | 'trades' | 'winning_trades' | 'losing_trades';
  readonly has: number;
  readonly needs: number;
}

export function shortfalls(arm: Shortfall['arm'], days: readonly Day[]): Shortfall[] {
  const trades = sum(days, (day) => day.trades);
  const ofAKind = (count: number) => (count < needed.rare_share * trades ? needed.of_a_rare_kind : needed.of_a_kind);
  const winning = sum(days, (day) => day.winning);
  const losing = sum(days, (day) => day.losing);
  const gates: readonly Shortfall[] = [
    { arm, what: 'days', has: days.length, needs: needed.days },
    { arm, what: 'trades', has: trades, needs: needed.trades },
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
