import { type DesignOutcome, designs, markets } from './designs.ts';
import type { Market } from './market.ts';

/** A design in a market, and its outcome. */
export interface DesignCell extends DesignOutcome {
  readonly market: Market;
  readonly name: string;
}

/** The part of the page about randomised tests. */
export function designsPage(cells: readonly DesignCell[], percent: (share: number) => string): string {
  const names = Object.keys(designs);
  const table = (some: readonly Market[]) => {
    const rows = some.map((market) => {
      const of = names.map((name) => cells.find((cell) => cell.market === market && cell.name === name));
      const shown = of.map((cell) =>
        cell
          ? `${percent(cell.decided)}${cell.medianDay === null || market.effect === 0 ? '' : ` @ ${cell.medianDay}`}`
          : '',
      );
      return `| ${[nameOf(market), ...shown].join(' | ')} |`;
    });
    const head = ['Market', ...names];
    return [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows].join('\n');
  };
  return `## Randomised tests

The same question asked in four ways, over 90 days that are looked at daily: 30 days of the old settings before; a coin for each pair of days, or of two days; two bots
side by side, half of whose entries are the same (correlation 0.7). The market has regimes (standard deviation 0.4 of a trade, autocorrelation from day to day as given),
a shock of each day (0.3), volatility that clusters (GARCH), heavy-tailed trades (Student's t, 4 degrees of freedom) and quieter weekends. The code under test is the product's own
(\`functions/experiments/verdict/\`), including its gates.

Without a difference, decided although there is nothing to decide. Every test claims at most 5 %:

${table(markets.none)}

With a difference, decided, and the median day of the decision. Before/after decides often here too, but it does so without a difference as well:

${table(markets.effects)}

Where randomised tests are weak: a candidate whose rare wins are large and whose baseline has none (its spread is seven times as large), and one that is a larger bet on
the market (half of the regime on top). The settings then differ although they earn the same on average; the label \`uneven\` marks most of these:

${table(markets.weak)}
`;
}

const nameOf = ({ regime, tradesADay, effect, spread, candidateSpread, activity, follows }: Market): string =>
  [
    `regime ${regime}`,
    `${tradesADay} trades a day`,
    ...(effect === 0 ? [] : [`effect ${effect} sd`]),
    ...(spread === undefined || candidateSpread !== undefined ? [] : [`${spread} P&L`]),
    ...(candidateSpread === undefined ? [] : ['rare large wins']),
    ...(activity === undefined ? [] : [`${activity} × the trades`]),
    ...(follows === undefined ? [] : ['follows the market']),
  ].join(', ');
