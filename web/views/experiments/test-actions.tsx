import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client, type Schema } from '../../api/client.ts';
import { Act, Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { nameOf, useSnapshots } from '../../parts/names.ts';
import { RollBack } from '../snapshots/roll-back.tsx';

type Experiment = Schema['Experiment'];

/** Stop, pause and go on; and, once it is decided, trade with the better settings. */
export function TestActions({ experiment }: { readonly experiment: Experiment }) {
  const queries = useQueryClient();
  const { status, verdict, candidate, baseline, bot_id } = experiment;
  const refresh = () => queries.invalidateQueries();
  const isDecided = verdict.kind === 'keep' || verdict.kind === 'revert';
  const winner = verdict.kind === 'keep' ? candidate : baseline;
  const snapshots = useSnapshots(bot_id);
  const target = snapshots.find(({ config_hash }) => config_hash === winner.config_hash);
  const active = snapshots.find(({ active_until }) => active_until === null);
  const isLive = status === 'running' || status === 'scheduled' || status === 'paused';
  return (
    <>
      {isDecided && target && target.config_hash !== active?.config_hash && !isLive && (
        <Act label={verdict.kind === 'keep' ? 'Trade with the new settings' : 'Trade with the old settings'} primary>
          {(close) => (
            <RollBack
              {...{ snapshot: target, active, onDone: refresh }}
              title={`Trade with ${nameOf(target, 60)}?`}
              action="Trade with them"
              onClose={close}
            />
          )}
        </Act>
      )}
      {isLive && (
        <Act label="Stop the test" primary={isDecided}>
          {(close) => <Change action="stop" experiment={experiment} onClose={close} onDone={refresh} />}
        </Act>
      )}
      {status === 'running' && (
        <Act label="Pause">
          {(close) => <Change action="pause" experiment={experiment} onClose={close} onDone={refresh} />}
        </Act>
      )}
      {status === 'paused' && (
        <Act label="Go on">
          {(close) => <Change action="resume" experiment={experiment} onClose={close} onDone={refresh} />}
        </Act>
      )}
    </>
  );
}

const texts = {
  stop: {
    title: 'Stop the test?',
    action: 'Stop',
    meaning: 'It ends for good: the unfinished pair is left out, and the bot goes on with its active settings.',
  },
  pause: {
    title: 'Pause the test?',
    action: 'Pause',
    meaning: 'It pauses at the end of the running pair. Until it goes on, the bot trades with the baseline.',
  },
  resume: { title: 'Go on with the test?', action: 'Go on', meaning: 'A new pair begins at the next border.' },
} as const;

function Change({
  action,
  experiment: { experiment_id },
  onClose,
  onDone,
}: {
  readonly action: 'stop' | 'pause' | 'resume';
  readonly experiment: Experiment;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}) {
  const [reason, setReason] = useState('');
  const { title, action: verb, meaning } = texts[action];
  const run = async () => {
    const { error } = await client.POST(`/experiments/{experiment_id}/${action}`, {
      params: { path: { experiment_id } },
      body: { reason: reason || null },
    });
    if (error) throw error;
    await onDone();
  };
  return (
    <Dialog title={title} action={verb} onClose={onClose} onConfirm={run}>
      <p>{meaning}</p>
      <Field label="Reason" value={reason} onChange={setReason} />
    </Dialog>
  );
}
