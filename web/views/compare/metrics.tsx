import { figureNames, figures } from '../../../functions/comparison/figures.ts';
import { count, factor, percent, points, usd } from '../../../functions/formatting.ts';
import type { Schema } from '../../api/client.ts';
import { signedUsd } from '../../parts/amount.tsx';
import { Head } from '../../parts/head.tsx';
import { IntervalBar } from '../../parts/interval-bar.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Scroll } from '../../parts/scroll.tsx';

type Format = (value: number | null) => string;
interface Both {
  readonly baseline: number | null;
  readonly candidate: number | null;
}

const signedPoints: Format = (value) => (value !== null && value > 0 ? `+${points(value)}` : points(value));
const times: Format = (value) => (value === null ? factor(value) : `× ${factor(value)}`);

/** Baseline and candidate side by side; the three measures that are tested with their intervals. */
export function Metrics({ verdict }: { readonly verdict: Schema['Verdict'] }) {
  const { expectancy, win_rate, profit_factor, days, trades, material_usd } = verdict;
  return (
    <Panel title="Side by side" wide>
      <Scroll label="Baseline and candidate side by side">
        <table className="metrics">
          <Head
            columns={[
              'Measure',
              ['Baseline', 'number'],
              ['Candidate', 'number'],
              ['Difference and its interval', 'difference'],
            ]}
          />
          <tbody>
            <Row label="P&L per trade" both={expectancy} format={usd}>
              <IntervalBar of={expectancy} material={material_usd} format={signedUsd} />
            </Row>
            <Row label="Win rate" both={win_rate} format={percent}>
              <IntervalBar of={win_rate} format={signedPoints} />
            </Row>
            <Row label="Profit factor" both={profit_factor} format={factor}>
              <IntervalBar of={{ ...profit_factor, difference: profit_factor.ratio }} isRatio format={times} />
            </Row>
            {figureNames.map((name) => (
              <Row key={name} label={figures[name].label} both={verdict[name]} format={figures[name].format} />
            ))}
            <Row label="Trades" both={trades} format={count} />
            <Row label="Days with trades" both={days} format={count} />
          </tbody>
        </table>
      </Scroll>
      <p className="quiet">
        The bar covers the differences that fit the data; the line is no difference, and grey is too small to matter. It
        holds however often you look.
      </p>
    </Panel>
  );
}

function Row({
  label,
  both,
  format,
  children,
}: {
  readonly label: string;
  readonly both: Both;
  readonly format: Format;
  readonly children?: React.ReactNode;
}) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td className="number">{format(both.baseline)}</td>
      <td className="number">
        <b>{format(both.candidate)}</b>
      </td>
      <td className="difference">{children}</td>
    </tr>
  );
}
