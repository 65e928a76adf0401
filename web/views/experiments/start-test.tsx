import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, client } from '../../api/client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { LongField } from '../../parts/field.tsx';
import { nameOf, useSnapshots } from '../../parts/names.ts';
import { Picker } from '../../parts/picker.tsx';
import { go, useRoute } from '../../route.ts';

const NEW = 'new';

/** Starts an alternating test of the active settings against earlier ones, or against new ones. */
export function StartTest({ bot_id, onClose }: { readonly bot_id: string; readonly onClose: () => void }) {
  const { params } = useRoute();
  const queries = useQueryClient();
  const snapshots = useSnapshots(bot_id);
  const current = api.useQuery('get', '/snapshots/current', { params: { query: { bot_id } } });
  const others = snapshots.filter(({ config_hash }) => config_hash !== current.data?.config_hash);
  const [candidate, setCandidate] = useState(others[0]?.snapshot_id ?? NEW);
  const [hypothesis, setHypothesis] = useState('');
  const [edited, setEdited] = useState<string | null>(null);
  const config = edited ?? JSON.stringify(current.data?.config ?? {}, null, 2);
  // The older settings are the baseline: a link from a comparison names both.
  const swapped = params.candidate !== undefined && params.candidate === current.data?.snapshot_id;
  const start = async () => {
    const body =
      candidate === NEW
        ? { candidate: { config: parsed(config), notes: hypothesis || null } }
        : swapped
          ? { baseline: candidate, candidate: { snapshot_id: params.candidate ?? '' } }
          : { candidate: { snapshot_id: candidate } };
    const { data, error } = await client.POST('/experiments', {
      body: { bot_id, design: 'switchback', hypothesis: hypothesis || null, ...body },
    });
    if (error) throw error;
    await queries.invalidateQueries();
    go('experiments', { bot: bot_id, experiment: data.experiment_id });
  };
  return (
    <Dialog title="Start an alternating test" action="Start" onClose={onClose} onConfirm={start}>
      <p className="quiet">
        A coin decides in which half of each pair of blocks the bot trades with the other settings. The bot must follow
        its assignments: a client with <code>follow</code>, or <code>GET /assignment</code> before each entry.
      </p>
      <p className="any">
        The active settings: <b>{current.data ? nameOf(current.data) : '–'}</b>
      </p>
      <Picker
        label="Against"
        value={candidate}
        options={[
          ...others.map((each) => ({
            value: each.snapshot_id,
            text: `${nameOf(each, 50)} (${each.active_from.slice(0, 10)})`,
          })),
          { value: NEW, text: 'New settings…' },
        ]}
        onPick={setCandidate}
      />
      {candidate === NEW && (
        <LongField label="The new settings, as JSON" rows={10} value={config} onChange={setEdited} />
      )}
      <LongField label="Why should they be better?" rows={2} value={hypothesis} onChange={setHypothesis} />
    </Dialog>
  );
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw { detail: `the settings are not JSON: ${(error as Error).message}` };
  }
}
