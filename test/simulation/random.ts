import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random draws, reproducible from a seed. */
export interface Random {
  readonly uniform: () => number;
  readonly normal: () => number;
}

export function randomOf(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(generator);
  // Box and Muller, 1958.
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** Distributions of the P&L of one trade, with mean 0 and standard deviation 1. */
export type Spread = (random: Random) => number;

const LOGNORMAL_MEAN = Math.exp(0.5);
const LOGNORMAL_SD = Math.sqrt((Math.E - 1) * Math.E);

export const spreads = {
  symmetric: ({ normal }) => normal(),
  /** Many small losses and a few large gains. */
  skewed: ({ normal }) => (Math.exp(normal()) - LOGNORMAL_MEAN) / LOGNORMAL_SD,
  /** Student's t with 4 degrees of freedom, whose variance is 2. */
  heavy: ({ normal }) =>
    normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2 + normal() ** 2) / 4) / Math.SQRT2,
  /** A seventh of the others' standard deviation. */
  narrow: ({ normal }) => 0.15 * normal(),
  /** One win in twenty trades, sometimes enormous: lognormal with σ = 1.5. */
  'rare wins': ({ uniform, normal }) => {
    const [p, sigma] = [0.049, 1.5];
    const win = (1 - p) * Math.exp(sigma * normal() - sigma ** 2 / 2);
    return (uniform() < p ? win : -p) / Math.sqrt(p * (1 - p) ** 2 * Math.exp(sigma ** 2) + (1 - p) * p ** 2);
  },
} satisfies Record<string, Spread>;
export type SpreadName = keyof typeof spreads;

/** Draws the number of trades of a day, by Knuth's method. */
export function poisson({ uniform }: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let [count, product] = [0, uniform()];
  while (product > limit) {
    count += 1;
    product *= uniform();
  }
  return count;
}
