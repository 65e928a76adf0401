import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changesBetween } from '../../../functions/snapshots/changes.ts';
import { api, client, type Schema } from '../../api/client.ts';
import { Changes } from '../../parts/changes.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, LongField } from '../../parts/field.tsx';
import { nameOf, useSnapshots } from '../../parts/names.ts';
import { Answered, Empty } from '../../parts/panel.tsx';
import { Picker } from '../../parts/picker.tsx';
import { go, useRoute } from '../../route.ts';

const NEW = 'new';

/** Starts an alternating test of two snapshots, or of a snapshot against new settings. */
export function StartTest({ bot_id, onClose }: { readonly bot_id: string; readonly onClose: () => void }) {
  const snapshots = useSnapshots(bot_id);
  const current = api.useQuery('get', '/snapshots/current', { params: { query: { bot_id } } }, { retry: false });
  return (
    <Answered of={current}>
      {(active) => <StartForm bot_id={bot_id} active={active} snapshots={snapshots} onClose={onClose} />}
    </Answered>
  );
}

function StartForm({
  bot_id,
  active,
  snapshots,
  onClose,
}: {
  readonly bot_id: string;
  readonly active: Schema['SnapshotWithConfig'];
  readonly snapshots: readonly Schema['Snapshot'][];
  readonly onClose: () => void;
}) {
  const { params } = useRoute();
  const queries = useQueryClient();
  const other = snapshots.find(({ config_hash }) => config_hash !== active.config_hash);
  const [baseline, setBaseline] = useState(params.baseline ?? other?.snapshot_id ?? active.snapshot_id);
  const [candidate, setCandidate] = useState(params.candidate ?? (other ? active.snapshot_id : NEW));
  const [text, setText] = useState(() => JSON.stringify(active.config, null, 2));
  const [name, setName] = useState('');
  const [hypothesis, setHypothesis] = useState('');
  const options = snapshots.map((each) => ({
    value: each.snapshot_id,
    text: `${nameOf(each, 50)} (${each.active_from.slice(0, 10)})`,
  }));
  const start = async () => {
    if (candidate === NEW && name.trim() === '') throw { detail: 'give the new settings a name' };
    const { data, error } = await client.POST('/experiments', {
      body: {
        ...{ bot_id, design: 'switchback', baseline, hypothesis: hypothesis.trim() || null },
        candidate: candidate === NEW ? { config: parsed(text), notes: name.trim() } : { snapshot_id: candidate },
      },
    });
    if (error) throw error;
    await queries.invalidateQueries();
    go('experiments', { bot: bot_id, experiment: data.experiment_id });
  };
  return (
    <Dialog title="Start an alternating test" action="Start" onClose={onClose} onConfirm={start}>
      <p className="quiet">
        A coin decides in which half of each pair of blocks the bot trades with the new settings. The bot must follow
        its assignments: a client with <code>follow</code>, or <code>GET /assignment</code> before each entry.
      </p>
      <Picker label="Old settings (baseline)" value={baseline} options={options} onPick={setBaseline} />
      <Picker
        label="New settings (candidate)"
        value={candidate}
        options={[...options, { value: NEW, text: 'Settings that are not a snapshot yet…' }]}
        onPick={setCandidate}
      />
      {candidate === NEW && (
        <>
          <Field label="Name of the new settings" value={name} hint="RSI weight 1.0" onChange={setName} />
          <LongField label="The new settings, as JSON" rows={10} value={text} onChange={setText} />
        </>
      )}
      <Difference baseline={baseline} candidate={candidate} text={candidate === NEW ? text : null} />
      <LongField label="Why should they be better?" rows={2} value={hypothesis} onChange={setHypothesis} />
    </Dialog>
  );
}

/** What differs between the two, before the test begins. @param text the candidate as JSON, where it is no snapshot yet */
function Difference({
  baseline,
  candidate,
  text,
}: {
  readonly baseline: string;
  readonly candidate: string;
  readonly text: string | null;
}) {
  const [old, now] = [useConfig(baseline), useConfig(text === null ? candidate : baseline)];
  if (!old || !now) return null;
  const config = text === null ? now : readable(text);
  if (config === null) return <Empty>The new settings are not JSON yet.</Empty>;
  return <Changes changes={changesBetween(old, config)} before="Old" after="New" />;
}

function useConfig(snapshot_id: string): Record<string, unknown> | undefined {
  const { data } = api.useQuery('get', '/snapshots/{snapshot_id}', { params: { path: { snapshot_id } } });
  return data?.config;
}

function readable(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function parsed(text: string): Record<string, unknown> {
  const config = readable(text);
  if (config === null) throw { detail: 'the settings are not JSON' };
  return config;
}
