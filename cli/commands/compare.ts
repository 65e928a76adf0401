import { compareStrategies, getComparisonHistory, type Strategy } from '../../functions/comparison/contract.ts';
import type { Verdict } from '../../functions/comparison/verdict/contract.ts';
import { changeBlocks } from '../../functions/report/document/arms.ts';
import type { Block } from '../../functions/report/document/blocks.ts';
import { verdictBlock } from '../../functions/report/document/headline.ts';
import { getSnapshotChanges } from '../../functions/snapshots/contract.ts';
import { command, sentence } from '../command.ts';

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
    const head = [verdictBlock(verdict), ...todayBlocks(verdict, strategies[0])];
    if (!baseline || !candidate) {
      return { answer, shown: [...head, ...changeBlocks({ ...answer, changes: [], looks: [] })] };
    }
    const [{ looks }, { changes }] = await Promise.all([
      api(getComparisonHistory, { query: pair }).then(({ body }) => body),
      api(getSnapshotChanges, {
        path: { snapshot_id: candidate.snapshot_id },
        query: { against: baseline.snapshot_id },
      }).then(({ body }) => body),
    ]);
    return { answer, shown: [...head, ...changeBlocks({ verdict, strategies, changes, looks })] };
  },
});

/** Why the verdict may know of no trade, beside targets that count some. */
function todayBlocks(verdict: Verdict | null, latest: Strategy | undefined): Block[] {
  if (!verdict?.through || !latest?.last_date || latest.last_date <= verdict.through) return [];
  return [
    sentence(`The verdict counts the days that are over, up to ${verdict.through}; the targets count today as well.`),
  ];
}
