import * as Plot from '@observablehq/plot';
import { usd } from '../../functions/formatting.ts';
import { dayAndMonth } from '../../functions/report/charts/calendar.ts';
import { visibleAmounts } from '../../functions/report/charts/visible-amounts.ts';
import { atMidnight, dayAxis, frameStyle, moneyFrame, tipStyle } from './frame.ts';

interface Look {
  readonly date: string;
  readonly difference: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}
type MeasuredLook = Look & { readonly difference: number };

const measured = (looks: readonly Look[]): MeasuredLook[] =>
  looks.filter((look): look is MeasuredLook => look.difference !== null);

/** The difference in P&L per trade with its interval, from look to look; the band of differences that do not matter; and the decision.
 *  null with fewer than two looks. */
export function differenceChart(
  looks: readonly Look[],
  { material_usd, decided_on }: { readonly material_usd: number; readonly decided_on: string | null },
): ((width: number) => Element) | null {
  const known = measured(looks);
  if (known.length < 2) return null;
  return (width) => {
    const { axis, marks } = moneyFrame(visibleAmounts(known, material_usd));
    const [low, high] = axis.domain;
    const x = (look: Look) => atMidnight(look.date);
    const bounded = known.filter(({ lower, upper }) => lower !== null && upper !== null);
    return Plot.plot({
      ...{
        width,
        height: 240,
        marginLeft: Math.ceil(axis.width) + 10,
        marginRight: 16,
        marginBottom: 30,
        style: frameStyle,
      },
      x: { type: 'utc' },
      y: { domain: [low, high], axis: null },
      marks: [
        Plot.rect([null], { y1: -material_usd, y2: material_usd, fill: 'var(--band)' }),
        Plot.areaY(bounded, {
          x,
          y1: (look: Look) => Math.max(look.lower ?? low, low),
          y2: (look: Look) => Math.min(look.upper ?? high, high),
          fill: 'var(--gain-fill)',
        }),
        ...marks,
        dayAxis(width, known),
        decided_on === null
          ? null
          : Plot.ruleX([atMidnight(decided_on)], { stroke: 'var(--ink)', strokeDasharray: '4 3' }),
        Plot.line(known, { x, y: 'difference', stroke: 'var(--gain)', strokeWidth: 2 }),
        Plot.dot(known.slice(-1), { x, y: 'difference', r: 4, fill: 'var(--gain)' }),
        Plot.tip(
          known,
          Plot.pointerX({
            x,
            y: 'difference',
            ...tipStyle,
            title: (look: Look) =>
              `${dayAndMonth(look.date)}\n${usd(look.difference)} per trade\n${usd(look.lower)} to ${usd(look.upper)}`,
          }),
        ),
      ],
    });
  };
}

/** What the chart shows, in a sentence. */
export function differenceWords(looks: readonly Look[]): string {
  const last = measured(looks).at(-1);
  return last
    ? `Difference in P&L per trade over time: ${usd(last.difference)} at the last look, between ${usd(last.lower)} and ${usd(last.upper)}.`
    : 'Difference in P&L per trade: no look yet.';
}
