import { shortId } from '../../functions/formatting.ts';
import { changesTable } from '../../functions/report/document/arms.ts';
import type { Block } from '../../functions/report/document/blocks.ts';
import {
  getSnapshotChanges,
  listSnapshots,
  rollBackSnapshot,
  type Snapshot,
} from '../../functions/snapshots/contract.ts';
import { command, sentence } from '../command.ts';
import { Failure } from '../failure.ts';
import { screenText } from '../screen.ts';
import type { Api } from '../service/api.ts';
import { serviceOptions } from '../service/location.ts';
import { activeSnapshot, described, snapshotNamed } from '../snapshot.ts';
import { confirmed } from '../terminal.ts';

export const rollback = command({
  summary: 'Make earlier settings active again',
  operands: { usage: '[<snapshot>]', most: 1 },
  description:
    'By default the settings of the snapshot before the active one; for another snapshot, give its id or the start of it. The command shows what changes and asks for confirmation. The bot trades with the settings once it has loaded them: restart it.',
  options: {
    notes: { type: 'string', value: '<text>', help: 'The reason; stored with the new snapshot' },
    yes: { type: 'boolean', help: 'Do not ask for confirmation' },
  },
  common: serviceOptions,
  examples: {
    '': 'Back to the settings before the last change',
    '4705d457 --notes "fewer fast exits"': 'Back to the settings of that snapshot',
  },
  async run({ bot_id, options: { notes, yes }, operands: [operand] }, { api, error, width }) {
    const active = await activeSnapshot(api, bot_id);
    const target = operand === undefined ? await previousOf(active, api) : await snapshotNamed(api, bot_id, operand);
    const changes = await changesTo(target, active, api);
    if (!yes) {
      error(screenText(changes, width));
      const isConfirmed = await confirmed(`Make the settings of snapshot ${shortId(target.snapshot_id)} active again?`);
      if (!isConfirmed) throw new Failure('Nothing was changed.');
    }
    const { body: answer } = await api(rollBackSnapshot, {
      body: { bot_id: active.bot_id, snapshot_id: target.snapshot_id, notes },
    });
    const outcome = answer.changed
      ? `Done: ${described(answer)}`
      : `Nothing was changed: these settings are already active. ${described(answer)}`;
    return { answer, shown: yes ? [...changes, sentence(outcome)] : [sentence(outcome)] };
  },
});

/** The snapshot that the service chooses by default, determined in advance to show it. After a rollback there is no default, so that a
 *  retry does not undo it. */
async function previousOf({ bot_id, rollback_of, snapshot_id }: Snapshot, api: Api): Promise<Snapshot> {
  const id = shortId(snapshot_id);
  if (rollback_of !== null)
    throw new Failure(
      `Nothing was changed: the active snapshot ${id} is itself a rollback. Name the snapshot whose settings you want.`,
    );
  const { snapshots } = (await api(listSnapshots, { query: { bot_id, limit: 2 } })).body;
  const previous = snapshots[1];
  if (previous === undefined) throw new Failure(`Nothing was changed: there is no snapshot before ${id}.`);
  return previous;
}

async function changesTo(target: Snapshot, active: Snapshot, api: Api): Promise<Block[]> {
  const { body } = await api(getSnapshotChanges, {
    path: { snapshot_id: target.snapshot_id },
    query: { against: active.snapshot_id },
  });
  return [
    { type: 'list', items: [`Now: ${described(active)}`, `Then: ${described(target)}`] },
    ...(body.changes.length === 0 ? [sentence('No setting differs.')] : changesTable(body.changes, Infinity)),
  ];
}
