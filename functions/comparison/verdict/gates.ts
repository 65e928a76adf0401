import { thresholds } from '../../thresholds.ts';
import { type Day, sum } from './day.ts';

const { gates } = thresholds;

/** A gate that an arm does not pass yet. */
export interface Shortfall {
  readonly arm: 'baseline' | 'candidate';
  readonly what: 'days' | 'trades' | 'winning_trades' | 'losing_trades';
  readonly has: number;
  readonly needs: number;
}

/** The gates that an arm does not pass yet. */
export function shortfalls(arm: Shortfall['arm'], days: readonly Day[]): Shortfall[] {
  const trades = sum(days, (day) => day.trades);
  const ofAKind = (count: number) => (count < gates.rare_share * trades ? gates.of_a_rare_kind : gates.of_a_kind);
  const winning = sum(days, (day) => day.winning);
  const losing = sum(days, (day) => day.losing);
  const all: readonly Shortfall[] = [
    { arm, what: 'days', has: days.length, needs: gates.days },
    { arm, what: 'trades', has: trades, needs: gates.trades },
    { arm, what: 'winning_trades', has: winning, needs: ofAKind(winning) },
    { arm, what: 'losing_trades', has: losing, needs: ofAKind(losing) },
  ];
  return all.filter(({ has, needs }) => has < needs);
}

/** Further days until an arm passes all gates at its own pace; null when it has nothing yet of what it lacks. */
export function daysToPass(arm: Shortfall['arm'], days: readonly Day[]): number | null {
  const waits = shortfalls(arm, days).map(({ what, has, needs }) => {
    if (what === 'days') return needs - has;
    return has === 0 ? null : Math.ceil(((needs - has) * days.length) / has);
  });
  return waits.includes(null) ? null : Math.max(0, ...waits.map(Number));
}
