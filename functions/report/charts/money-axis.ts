import { widthOf } from './font.ts';

/** A y axis in USD that always includes zero. */
export interface MoneyAxis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly label: (usd: number) => string;
  /** Width of the widest label, in pixels. */
  readonly width: number;
}

/** Most steps that the range is divided into; few, since phones show the charts small. */
const STEPS = 5;

/** Space above and below the data, as a share of their range. */
const MARGIN = 0.06;

/** @example moneyAxis([-3, 18.45], 14).ticks // [0, 5, 10, 15] */
export function moneyAxis(amounts: readonly number[], size: number): MoneyAxis {
  const low = amounts.reduce((least, amount) => Math.min(least, amount), 0);
  const high = amounts.reduce((most, amount) => Math.max(most, amount), 0);
  const range = high - low || 2;
  const flat = low === high;
  const domain = [flat ? -1 : low && low - range * MARGIN, flat ? 1 : high && high + range * MARGIN] as const;
  const step = roundStep(range / STEPS);
  const first = Math.ceil(domain[0] / step);
  const ticks = Array.from({ length: Math.floor(domain[1] / step) - first + 1 }, (_, i) => (first + i) * step);
  const label = labelFormat(step);
  return { domain, ticks, label, width: Math.max(...ticks.map((tick) => widthOf(label(tick), size))) };
}

/** Rounds up to the next of 1, 2, 5, 10, 20 … @example roundStep(3.1) // 5 */
export function roundStep(least: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(least));
  return magnitude * ([1, 2, 5].find((factor) => factor * magnitude >= least) ?? 10);
}

/** Formats amounts with as many digits as distinguish one step from the next. */
function labelFormat(step: number): (usd: number) => string {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const digits: Intl.NumberFormatOptions =
    step >= 1000
      ? { notation: 'compact', maximumSignificantDigits: 3 }
      : { minimumFractionDigits: decimals && 2, maximumFractionDigits: decimals && Math.max(2, decimals) };
  const format = new Intl.NumberFormat('en-US', { ...dollars, ...digits });
  return (usd) => (usd === 0 ? '$0' : format.format(usd));
}
const dollars = { style: 'currency', currency: 'USD' } as const;
