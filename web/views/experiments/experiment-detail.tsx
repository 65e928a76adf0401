import { useMemo } from 'react';
import { counted, percent, points, usd } from '../../../functions/formatting.ts';
import { api, type Schema } from '../../api/client.ts';
import { blocksChart } from '../../charts/blocks.ts';
import { Chart } from '../../charts/chart.tsx';
import { differenceChart, differenceWords } from '../../charts/difference.ts';
import { Figure, signedUsd } from '../../parts/amount.tsx';
import { Decision } from '../../parts/decision.tsx';
import { IntervalBar } from '../../parts/interval-bar.tsx';
import { Answered, Empty, Panel } from '../../parts/panel.tsx';
import { armOf } from './arm-name.ts';
import { Checks } from './checks.tsx';
import { Pairs, pairsInSight } from './pairs.tsx';
import { TestActions } from './test-actions.tsx';

type Experiment = Schema['Experiment'];

/** A test as it stands. */
export function ExperimentDetail({ experiment_id }: { readonly experiment_id: string }) {
  const experiment = api.useQuery('get', '/experiments/{experiment_id}', { params: { path: { experiment_id } } });
  return <Answered of={experiment}>{(each) => <Detail experiment={each} />}</Answered>;
}

function Detail({ experiment }: { readonly experiment: Experiment }) {
  const { verdict, baseline, candidate, status, hypothesis } = experiment;
  return (
    <>
      <p className="any">
        <b>{armOf(candidate)}</b> (candidate) against <b>{armOf(baseline)}</b> (baseline): {status}, since{' '}
        {experiment.starts_on}, blocks of {experiment.length}.
      </p>
      {hypothesis !== null && <p className="quiet any">{hypothesis}</p>}
      <Decision verdict={verdict}>
        <TestActions experiment={experiment} />
      </Decision>
      <div className="grid">
        <Panel title="Side by side">
          <SideBySide verdict={verdict} />
        </Panel>
        <Panel title="The difference over time">
          <Looks experiment={experiment} />
        </Panel>
        <Blocks experiment={experiment} />
        <Checks experiment={experiment} />
        <Pairs pairs={experiment.pairs} />
      </div>
    </>
  );
}

function SideBySide({ verdict }: { readonly verdict: Schema['ExperimentVerdict'] }) {
  const { expectancy, win_rate, pnl_per_day_usd, trades, pairs, material_usd, needed } = verdict;
  const signedPoints = (value: number | null) => (value !== null && value > 0 ? `+${points(value)}` : points(value));
  return (
    <>
      <dl className="figures">
        <Figure label="Pairs of blocks" note={`${pairs.with_trades} with trades`}>
          {pairs.settled}
        </Figure>
        <Figure label="Trades" note={`${trades.baseline} baseline, ${trades.candidate} candidate`}>
          {trades.baseline + trades.candidate}
        </Figure>
        {needed && (
          <Figure label="Left" note={counted(needed.pairs, 'pair')}>
            {needed.days === null ? 'unknown' : `about ${counted(needed.days, 'day')}`}
          </Figure>
        )}
      </dl>
      <table className="metrics">
        <tbody>
          <Measure label="P&L per trade" of={expectancy} format={usd}>
            <IntervalBar of={expectancy} material={material_usd} format={signedUsd} />
          </Measure>
          <Measure label="Win rate" of={win_rate} format={percent}>
            <IntervalBar of={win_rate} format={signedPoints} />
          </Measure>
          <Measure label="P&L per day" of={pnl_per_day_usd} format={usd}>
            <IntervalBar of={pnl_per_day_usd} format={signedUsd} />
          </Measure>
        </tbody>
      </table>
    </>
  );
}

const Measure = ({
  label,
  of,
  format,
  children,
}: {
  readonly label: string;
  readonly of: { readonly baseline: number | null; readonly candidate: number | null };
  readonly format: (value: number | null) => string;
  readonly children: React.ReactNode;
}) => (
  <tr>
    <th scope="row">
      {label}
      <small>
        {format(of.baseline)} → {format(of.candidate)}
      </small>
    </th>
    <td className="difference">{children}</td>
  </tr>
);

function Looks({ experiment: { looks, verdict } }: { readonly experiment: Experiment }) {
  const draw = useMemo(() => differenceChart(looks, verdict), [looks, verdict]);
  return draw ? (
    <Chart draw={draw} label={differenceWords(looks)}>
      P&amp;L per trade of the candidate minus the baseline, with its interval.
    </Chart>
  ) : (
    <Empty>The first look follows once enough pairs have settled.</Empty>
  );
}

function Blocks({ experiment: { pairs } }: { readonly experiment: Experiment }) {
  const draw = useMemo(() => blocksChart(pairsInSight(pairs, Date.now()), Date.now()), [pairs]);
  return (
    <Panel title="Blocks, as planned and as traded" wide>
      {pairs.length === 0 ? (
        <Empty>The first pair has not begun.</Empty>
      ) : (
        <Chart
          draw={draw}
          label={`P&L of the blocks of ${counted(pairs.length, 'pair')}, by arm; the table below lists them.`}
        >
          P&amp;L of each block: filled for the candidate, outlined for the baseline; blue is a gain, orange a loss. The
          strip below is the plan, dark for the candidate, paler ahead and where a pair is void.
        </Chart>
      )}
    </Panel>
  );
}
