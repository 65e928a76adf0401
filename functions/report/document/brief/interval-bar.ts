import { usd } from '../../../formatting.ts';
import type { Block } from '../blocks.ts';

/** Room beyond the interval, zero and the band, as a share of their span. */
const MARGIN = 0.08;

/** A verdict's difference in USD per trade. */
interface Measured {
  readonly expectancy: {
    readonly difference: number | null;
    readonly lower: number | null;
    readonly upper: number | null;
  };
  /** The smallest difference that matters, USD per trade. */
  readonly material_usd: number;
}

/** The difference in expectancy with its interval; a sentence while there is none. */
export function intervalBlock({ expectancy, material_usd }: Measured): Block[] {
  const { difference, lower, upper } = expectancy;
  if (difference === null) return [];
  if (lower === null || upper === null)
    return [{ type: 'text', text: `Difference per trade: ${usd(difference)}; any difference could still be luck.` }];
  const [least, most] = [Math.min(lower, -material_usd), Math.max(upper, material_usd)];
  const margin = MARGIN * (most - least);
  const place = (value: number) => (value - least + margin) / (most - least + 2 * margin);
  return [
    {
      type: 'interval',
      caption: `Difference per trade: ${usd(difference)}, likely range ${usd(lower)} to ${usd(upper)}.`,
      from: place(lower),
      to: place(upper),
      value: place(difference),
      zero: place(0),
      band: [place(-material_usd), place(material_usd)],
    },
  ];
}
