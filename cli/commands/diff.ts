import { shortId } from '../../functions/formatting.ts';
import { changesTable } from '../../functions/report/document/arms.ts';
import { getSnapshotChanges } from '../../functions/snapshots/contract.ts';
import { command, sentence } from '../command.ts';
import { serviceOptions } from '../service/location.ts';
import { activeSnapshot, snapshotNamed } from '../snapshot.ts';

export const diff = command({
  summary: 'Show the settings that differ between two snapshots',
  operands: { usage: '[<a>] [<b>]', most: 2 },
  description:
    'Without operands: what the active snapshot changed. With one: what that snapshot changed, compared with the one before it. With two: from <a> to <b>. The start of an id is enough.',
  options: {},
  common: serviceOptions,
  examples: {
    '': 'What the last change was',
    '4705d457 9a1c': 'From one snapshot to another, by the start of their ids',
  },
  async run({ bot_id, operands }, { api }) {
    const named = await Promise.all(operands.map((operand) => snapshotNamed(api, bot_id, operand)));
    const { snapshot_id } = named.at(-1) ?? (await activeSnapshot(api, bot_id));
    const { body: answer } = await api(getSnapshotChanges, {
      path: { snapshot_id },
      query: { against: named.length === 2 ? named[0]?.snapshot_id : undefined },
    });
    const { against, changes } = answer;
    if (against === null)
      return { answer, shown: [sentence(`Snapshot ${shortId(snapshot_id)} is the first: every setting is new.`)] };
    const pair = `From snapshot ${shortId(against)} to snapshot ${shortId(snapshot_id)}`;
    if (changes.length === 0) return { answer, shown: [sentence(`${pair} no setting changed.`)] };
    return { answer, shown: [sentence(`${pair}.`), ...changesTable(changes, Infinity)] };
  },
});
