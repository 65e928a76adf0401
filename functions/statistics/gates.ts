import { thresholds } from '../thresholds.ts';

const { gates } = thresholds;

export const arms = ['baseline', 'candidate'] as const;
export type ArmName = (typeof arms)[number];

/** The trades of an arm. */
export interface TradeCounts {
  readonly trades: number;
  readonly winning: number;
  readonly losing: number;
}

/** A gate that an arm does not pass yet. */
export interface Shortfall<What extends string = 'trades' | 'winning_trades' | 'losing_trades'> {
  readonly arm: ArmName;
  readonly what: What;
  readonly has: number;
  readonly needs: number;
}

/** The gates on trades that each arm does not pass yet. A kind of trades (winning, losing) that is rare in one arm only needs most: there
 *  a few large wins or losses decide the difference, and the test would err. */
export function tradeShortfalls(of: Readonly<Record<ArmName, TradeCounts>>): Shortfall[] {
  return arms.flatMap((arm) => {
    const counts = of[arm];
    const needed = (kind: 'winning' | 'losing'): number => {
      const isRare = ({ trades, [kind]: count }: TradeCounts) => count < gates.rare_share * trades;
      if (!isRare(counts)) return gates.of_a_kind;
      return arms.every((each) => isRare(of[each])) ? gates.of_a_kind_rare_in_both : gates.of_a_kind_rare_in_one;
    };
    const all: readonly Shortfall[] = [
      { arm, what: 'trades', has: counts.trades, needs: gates.trades },
      { arm, what: 'winning_trades', has: counts.winning, needs: needed('winning') },
      { arm, what: 'losing_trades', has: counts.losing, needs: needed('losing') },
    ];
    return all.filter(({ has, needs }) => has < needs);
  });
}
