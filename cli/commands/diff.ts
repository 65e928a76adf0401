import { changesTable } from '../../functions/report/document/arms.ts';
import { getCurrentSnapshot, getSnapshotChanges } from '../../functions/snapshots/contract.ts';
import { command, sentence } from '../command.ts';

export const diff = command({
  operands: '[a] [b]',
  most: 2,
  summary: 'the settings that differ between snapshots',
  more: `Without snapshots: what the active one changed of the one before it.
With one: what that one changed of the one before it. With two: from a to b.`,
  options: {},
  async run({ bot_id, operands: [a, b] }, { api }) {
    const snapshot_id = b ?? a ?? (await api(getCurrentSnapshot, { query: { bot_id } })).body.snapshot_id;
    const { body: answer } = await api(getSnapshotChanges, {
      path: { snapshot_id },
      query: { against: b === undefined ? undefined : a },
    });
    const { against, changes } = answer;
    if (against === null)
      return { answer, shown: [sentence(`Snapshot ${snapshot_id} is the first: all of it is new.`)] };
    const pair = `From snapshot ${against} to snapshot ${snapshot_id}`;
    if (changes.length === 0) return { answer, shown: [sentence(`${pair} no setting changed.`)] };
    return { answer, shown: [sentence(`${pair}.`), ...changesTable(changes, Infinity)] };
  },
});
