import { compareStrategies, getComparisonHistory } from '../../../functions/comparison/contract.ts';
import { changeBlocks } from '../../../functions/report/document/change.ts';
import { verdictBlock } from '../../../functions/report/document/headline.ts';
import { getSnapshotChanges } from '../../../functions/snapshots/contract.ts';
import { command } from '../command.ts';

export const compare = command({
  summary: 'the verdict, baseline beside candidate, and the targets',
  more: 'By default the active settings beside the latest others that have trades; each with all its periods.',
  options: {
    baseline: { type: 'string', value: '<snapshot>', help: 'the old settings, by a snapshot’s number' },
    candidate: { type: 'string', value: '<snapshot>', help: 'the new settings' },
  },
  async run({ bot_id, options }, { api }) {
    const pair = { bot_id, ...options };
    const { body: answer } = await api(compareStrategies, { query: pair });
    const { verdict, strategies } = answer;
    const { baseline, candidate } = verdict ?? {};
    if (!baseline || !candidate) {
      return { answer, shown: [verdictBlock(verdict), ...changeBlocks({ ...answer, changes: [], looks: [] })] };
    }
    const [{ looks }, { changes }] = await Promise.all([
      api(getComparisonHistory, { query: pair }).then(({ body }) => body),
      api(getSnapshotChanges, {
        path: { snapshot_id: candidate.snapshot_id },
        query: { against: baseline.snapshot_id },
      }).then(({ body }) => body),
    ]);
    return { answer, shown: [verdictBlock(verdict), ...changeBlocks({ verdict, strategies, changes, looks })] };
  },
});
