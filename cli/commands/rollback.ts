import { changesTable } from '../../functions/report/document/arms.ts';
import type { Block } from '../../functions/report/document/blocks.ts';
import {
  getCurrentSnapshot,
  getSnapshot,
  getSnapshotChanges,
  listSnapshots,
  rollBackSnapshot,
  type Snapshot,
} from '../../functions/snapshots/contract.ts';
import { command, NotDone, sentence } from '../command.ts';
import type { Api } from '../service/api.ts';
import { described } from '../snapshot.ts';

export const rollback = command({
  operands: '[snapshot]',
  most: 1,
  summary: 'makes earlier settings active again',
  more: `By default those of the snapshot before the active one. It shows what changes, and asks first.
The bot trades with them once it has loaded them: start it again.`,
  options: {
    notes: { type: 'string', value: '<text>', help: 'why' },
    yes: { type: 'boolean', help: 'does not ask' },
  },
  async run({ bot_id, options: { notes, yes }, operands: [wanted] }, { api, confirm }) {
    const { body: active } = await api(getCurrentSnapshot, { query: { bot_id } });
    const target = wanted === undefined ? await before(active, api) : await named(wanted, active, api);
    const changes = await changesTo(target, active, api);
    if (!yes && !(await confirm(changes, `Make the settings of snapshot ${target.snapshot_id} active again?`))) {
      throw new NotDone('Nothing was changed.');
    }
    const { body: answer } = await api(rollBackSnapshot, {
      body: { bot_id: active.bot_id, snapshot_id: target.snapshot_id, notes },
    });
    const done = answer.changed
      ? `Done: ${described(answer)}`
      : `Nothing was changed: these settings are active already. ${described(answer)}`;
    return { answer, shown: yes ? [...changes, sentence(done)] : [sentence(done)] };
  },
});

async function named(snapshot_id: string, { bot_id }: Snapshot, api: Api): Promise<Snapshot> {
  const { body: snapshot } = await api(getSnapshot, { path: { snapshot_id } });
  if (snapshot.bot_id !== bot_id)
    throw new NotDone(`Nothing was changed: snapshot ${snapshot_id} is one of the bot ${snapshot.bot_id}.`);
  return snapshot;
}

/** The service's own default, told beforehand: of a rollback it is none, so that a retry does not swing back. */
async function before({ bot_id, rollback_of, snapshot_id }: Snapshot, api: Api): Promise<Snapshot> {
  if (rollback_of !== null)
    throw new NotDone(
      `Nothing was changed: the active snapshot ${snapshot_id} is itself a rollback. Say which snapshot’s settings you want.`,
    );
  const { snapshots } = (await api(listSnapshots, { query: { bot_id, limit: 2 } })).body;
  const previous = snapshots[1];
  if (previous === undefined) throw new NotDone(`Nothing was changed: there is no snapshot before ${snapshot_id}.`);
  return previous;
}

async function changesTo(target: Snapshot, active: Snapshot, api: Api): Promise<Block[]> {
  const { changes } = (
    await api(getSnapshotChanges, {
      path: { snapshot_id: target.snapshot_id },
      query: { against: active.snapshot_id },
    })
  ).body;
  return [
    { type: 'list', items: [`Now: ${described(active)}`, `Then: ${described(target)}`] },
    ...(changes.length === 0 ? [sentence('No setting differs.')] : changesTable(changes, Infinity)),
  ];
}
