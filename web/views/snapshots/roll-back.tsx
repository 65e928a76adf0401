import { useState } from 'react';
import { api, client, type Schema } from '../../api/client.ts';
import { Changes } from '../../parts/changes.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { LongField } from '../../parts/field.tsx';
import { nameOf } from '../../parts/names.ts';
import { Answered } from '../../parts/panel.tsx';

/** Shows what would change, and what the bot will do, before it does. */
export function RollBack({
  snapshot,
  active,
  title = `Roll back to ${nameOf(snapshot, 60)}?`,
  action = 'Roll back',
  onClose,
  onDone,
}: {
  readonly snapshot: Schema['Snapshot'];
  readonly active: Schema['Snapshot'] | undefined;
  readonly title?: string;
  readonly action?: string;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}) {
  const [notes, setNotes] = useState(snapshot.notes ?? '');
  const { snapshot_id, bot_id } = snapshot;
  const changes = api.useQuery('get', '/snapshots/{snapshot_id}/changes', {
    params: { path: { snapshot_id }, query: active ? { against: active.snapshot_id } : {} },
  });
  const rollBack = async () => {
    const { error } = await client.POST('/snapshots/rollback', {
      body: { bot_id, snapshot_id, notes: notes.trim() || null },
    });
    if (error) throw error;
    await onDone();
  };
  return (
    <Dialog title={title} action={action} onClose={onClose} onConfirm={rollBack}>
      <Answered of={changes}>{(answer) => <Changes changes={answer.changes} before="Now" after="After" />}</Answered>
      <p>
        These settings become a new snapshot, active from now on. The bot trades with them as soon as it loads them: at
        its next check if it follows the service, otherwise after a restart. Open positions stay with the settings that
        opened them.
      </p>
      <LongField
        label="Notes, which name these settings everywhere: add the reason"
        rows={2}
        value={notes}
        onChange={setNotes}
      />
    </Dialog>
  );
}
