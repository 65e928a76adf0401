import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { counted, usd } from '../../../functions/formatting.ts';
import { api, type Schema } from '../../api/client.ts';
import { Chart } from '../../charts/chart.tsx';
import { differenceChart, differenceWords } from '../../charts/difference.ts';
import { Changes } from '../../parts/changes.tsx';
import { Decision } from '../../parts/decision.tsx';
import { Act } from '../../parts/dialog.tsx';
import { nameIn, nameOf, useSnapshots } from '../../parts/names.ts';
import { Answered, Empty, Panel } from '../../parts/panel.tsx';
import { Picker } from '../../parts/picker.tsx';
import { change, go, hrefOf, useBot, useRoute } from '../../route.ts';
import { RollBack } from '../snapshots/roll-back.tsx';
import { Metrics } from './metrics.tsx';
import { SingleTrades } from './single-trades.tsx';
import { Targets } from './targets.tsx';
import { WhatNext } from './what-next.tsx';

/** Any two snapshots, each as its arm: which settings earn more, and how strong the evidence is. */
export function Compare() {
  const bot_id = useBot();
  const { params } = useRoute();
  const pair = { bot_id, baseline: params.baseline, candidate: params.candidate };
  const comparison = api.useQuery('get', '/comparison', { params: { query: { ...pair, limit: 1 } } });
  return (
    <Answered of={comparison}>
      {({ verdict, targets }) =>
        verdict ? (
          <Compared verdict={verdict} targets={targets} pair={pair} />
        ) : (
          <Empty>Nothing to compare yet: the bot has posted no settings.</Empty>
        )
      }
    </Answered>
  );
}

interface Pair {
  readonly bot_id: string;
  readonly baseline: string | undefined;
  readonly candidate: string | undefined;
}

function Compared({
  verdict,
  targets,
  pair,
}: {
  readonly verdict: Schema['Verdict'];
  readonly targets: readonly Schema['Target'][];
  readonly pair: Pair;
}) {
  const { baseline, candidate } = verdict;
  return (
    <>
      <Arms verdict={verdict} bot_id={pair.bot_id} />
      <TestOfBoth verdict={verdict} bot_id={pair.bot_id} />
      <Decision verdict={verdict} next={verdict.next_step}>
        <TakeBack verdict={verdict} bot_id={pair.bot_id} />
        <a
          className="button"
          href={hrefOf('experiments', {
            bot: pair.bot_id,
            baseline: baseline?.snapshot_id,
            candidate: candidate?.snapshot_id,
          })}
        >
          Start a test
        </a>
      </Decision>
      {baseline && candidate && (
        <div className="grid">
          <Metrics verdict={verdict} />
          <Looks pair={pair} verdict={verdict} />
          <Changed baseline={baseline} candidate={candidate} />
          <Targets targets={targets} />
          <SingleTrades verdict={verdict} />
          <WhatNext verdict={verdict} bot_id={pair.bot_id} />
          {verdict.labels.length > 0 && (
            <Panel title="Before you rely on it" wide>
              <ul className="any">
                {Object.entries(verdict.label_notes).map(([label, note]) => (
                  <li key={label}>{note}</li>
                ))}
              </ul>
            </Panel>
          )}
        </div>
      )}
    </>
  );
}

/** A randomised test of the same two settings is fairer than this comparison, and comes first. */
function TestOfBoth({ verdict, bot_id }: { readonly verdict: Schema['Verdict']; readonly bot_id: string }) {
  const { data } = api.useQuery('get', '/experiments', { params: { query: { bot_id, limit: 500 } } });
  const pair = [verdict.baseline?.config_hash, verdict.candidate?.config_hash];
  const test = data?.experiments.find(
    ({ baseline, candidate }) => pair.includes(baseline.config_hash) && pair.includes(candidate.config_hash),
  );
  return test ? (
    <p className="notice">
      A randomised test has compared these settings, which is fairer than the periods below.{' '}
      <a href={hrefOf('experiments', { bot: bot_id, experiment: test.experiment_id })}>See the test</a>
    </p>
  ) : null;
}

/** Goes back to the baseline where the candidate is what the bot trades with. */
function TakeBack({ verdict, bot_id }: { readonly verdict: Schema['Verdict']; readonly bot_id: string }) {
  const snapshots = useSnapshots(bot_id);
  const queries = useQueryClient();
  const active = snapshots.find(({ active_until }) => active_until === null);
  const baseline = snapshots.find(({ snapshot_id }) => snapshot_id === verdict.baseline?.snapshot_id);
  if (!active || !baseline || active.config_hash !== verdict.candidate?.config_hash) return null;
  return (
    <Act label="Take the change back" primary={verdict.kind === 'revert'}>
      {(close) => (
        <RollBack
          snapshot={baseline}
          active={active}
          onClose={close}
          onDone={async () => {
            await queries.invalidateQueries();
            go('compare', { bot: bot_id });
          }}
        />
      )}
    </Act>
  );
}

/** The two lists to pick from. */
function Arms({
  verdict: { baseline, candidate },
  bot_id,
}: {
  readonly verdict: Schema['Verdict'];
  readonly bot_id: string;
}) {
  const snapshots = useSnapshots(bot_id);
  const options = snapshots.map((snapshot) => ({
    value: snapshot.snapshot_id,
    text: `${nameOf(snapshot, 50)} (${snapshot.active_from.slice(0, 10)})`,
  }));
  const none = { value: '', text: 'None yet' };
  return (
    <div className="toolbar">
      <Picker
        label="Baseline"
        value={baseline?.snapshot_id ?? ''}
        options={baseline ? options : [none, ...options]}
        onPick={(id) => change({ baseline: id, candidate: candidate?.snapshot_id })}
      />
      <Picker
        label="Candidate"
        value={candidate?.snapshot_id ?? ''}
        options={candidate ? options : [none, ...options]}
        onPick={(id) => change({ candidate: id, baseline: baseline?.snapshot_id })}
      />
      {baseline && candidate && (
        <button
          type="button"
          onClick={() => change({ baseline: candidate.snapshot_id, candidate: baseline.snapshot_id })}
        >
          Swap
        </button>
      )}
    </div>
  );
}

function Looks({ pair, verdict }: { readonly pair: Pair; readonly verdict: Schema['Verdict'] }) {
  const history = api.useQuery('get', '/comparison/history', { params: { query: pair } });
  return (
    <Panel title="The difference over time">
      <Answered of={history}>{({ looks }) => <LooksChart looks={looks} verdict={verdict} />}</Answered>
    </Panel>
  );
}

function LooksChart({
  looks,
  verdict,
}: {
  readonly looks: readonly Schema['Look'][];
  readonly verdict: Schema['Verdict'];
}) {
  const draw = useMemo(() => differenceChart(looks, verdict), [looks, verdict]);
  if (!draw) return <Empty>A look follows each day with trades, once both settings have enough data.</Empty>;
  return (
    <Chart draw={draw} label={differenceWords(looks)}>
      P&amp;L per trade of the candidate minus the baseline, with its interval, at {counted(looks.length, 'look')}.
      Grey: within {usd(verdict.material_usd)}, which does not matter.
    </Chart>
  );
}

function Changed({
  baseline,
  candidate,
}: {
  readonly baseline: Schema['VerdictArm'];
  readonly candidate: Schema['VerdictArm'];
}) {
  const snapshots = useSnapshots(useBot());
  const changes = api.useQuery('get', '/snapshots/{snapshot_id}/changes', {
    params: { path: { snapshot_id: candidate.snapshot_id }, query: { against: baseline.snapshot_id } },
  });
  return (
    <Panel title="What changed" aside={<p className="quiet any">{nameIn(snapshots, candidate.snapshot_id)}</p>}>
      <Answered of={changes}>
        {(answer) => <Changes changes={answer.changes} before="Baseline" after="Candidate" />}
      </Answered>
    </Panel>
  );
}
