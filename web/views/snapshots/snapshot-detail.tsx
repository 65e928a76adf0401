import { useQueryClient } from '@tanstack/react-query';
import { api, client, type Schema } from '../../api/client.ts';
import { Changes } from '../../parts/changes.tsx';
import { Act } from '../../parts/dialog.tsx';
import { nameOf } from '../../parts/names.ts';
import { Answered, Panel } from '../../parts/panel.tsx';
import { Picker } from '../../parts/picker.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { change, hrefOf, useRoute } from '../../route.ts';
import { EditNotes } from './edit-notes.tsx';
import { NotesHistory } from './notes-history.tsx';
import { RollBack } from './roll-back.tsx';

/** A snapshot: what it changed, its whole settings, its notes, and going back to it. */
export function SnapshotDetail({
  snapshot,
  snapshots,
}: {
  readonly snapshot: Schema['Snapshot'];
  readonly snapshots: readonly Schema['Snapshot'][];
}) {
  const { snapshot_id, bot_id, active_until } = snapshot;
  const { params } = useRoute();
  const previous = snapshots[snapshots.indexOf(snapshot) + 1];
  const against = params.against ?? previous?.snapshot_id;
  const path = { snapshot_id };
  const changes = api.useQuery('get', '/snapshots/{snapshot_id}/changes', {
    params: { path, query: against === undefined ? {} : { against } },
  });
  const whole = api.useQuery('get', '/snapshots/{snapshot_id}', { params: { path } });
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries();
  return (
    <div className="grid one">
      <Panel title={nameOf(snapshot)}>
        <div className="actions">
          {active_until !== null && (
            <Act label="Roll back to these settings" primary>
              {(close) => (
                <RollBack
                  snapshot={snapshot}
                  active={snapshots.find((each) => each.active_until === null)}
                  onClose={close}
                  onDone={async () => {
                    await refresh();
                    change({ snapshot: undefined, against: undefined });
                  }}
                />
              )}
            </Act>
          )}
          <Act label="Edit notes">
            {(close) => (
              <EditNotes
                notes={snapshot.notes}
                onClose={close}
                onSave={async (notes) => {
                  const { error } = await client.POST('/snapshots/{snapshot_id}/notes', {
                    params: { path },
                    body: { notes },
                  });
                  if (error) throw error;
                  await refresh();
                }}
              />
            )}
          </Act>
          <a className="button" href={hrefOf('trades', { bot: bot_id, snapshot: snapshot_id })}>
            Its trades
          </a>
          <a className="button" href={hrefOf('compare', { bot: bot_id, candidate: snapshot_id, baseline: against })}>
            Compare
          </a>
        </div>
        {snapshot.notes !== null && <p className="notes any">{snapshot.notes}</p>}
        <NotesHistory snapshot={snapshot} />
      </Panel>
      <Panel title="What it changed">
        {snapshots.length > 1 && (
          <Picker
            label="Against"
            value={against ?? ''}
            options={snapshots
              .filter((each) => each !== snapshot)
              .map((each) => ({
                value: each.snapshot_id,
                text: `${nameOf(each, 50)} (${each.active_from.slice(0, 10)})`,
              }))}
            onPick={(id) => change({ snapshot: snapshot_id, against: id })}
          />
        )}
        <Answered of={changes}>
          {(answer) =>
            answer.against === null ? (
              <p className="quiet">The first snapshot of this bot.</p>
            ) : (
              <Changes changes={answer.changes} before="Before" after="In this snapshot" />
            )
          }
        </Answered>
      </Panel>
      <Panel title="All settings">
        <Answered of={whole}>
          {({ config }) => (
            <Scroll label="All settings">
              <pre>{JSON.stringify(config, null, 2)}</pre>
            </Scroll>
          )}
        </Answered>
      </Panel>
    </div>
  );
}
