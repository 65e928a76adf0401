import { compareStrategies, getComparisonHistory, type Strategy } from '../../functions/comparison/contract.ts';
import type { Verdict } from '../../functions/comparison/verdict/contract.ts';
import { changeBlocks } from '../../functions/report/document/arms.ts';
import type { Block } from '../../functions/report/document/blocks.ts';
import { verdictBlock } from '../../functions/report/document/headline.ts';
import { getSnapshotChanges } from '../../functions/snapshots/contract.ts';
import { command, sentence } from '../command.ts';
import { serviceOptions } from '../service/location.ts';
import { idOfNamed } from '../snapshot.ts';

export const compare = command({
  summary: 'Show the verdict, baseline and candidate side by side, and the targets',
  description:
    'By default the candidate is the active configuration, and the baseline the latest other one with trades. Each includes every period in which its configuration was active.',
  options: {
    baseline: { type: 'string', value: '<snapshot>', help: 'A snapshot with the old settings' },
    candidate: { type: 'string', value: '<snapshot>', help: 'A snapshot with the new settings' },
  },
  common: serviceOptions,
  examples: {
    '': 'The active settings and those before them',
    '--baseline 4705d457 --candidate 9a1c': 'Two snapshots of your choice',
    '--stage dev --json': 'A deployed service, for a script',
  },
  async run({ bot_id, options }, { api }) {
    const [baseline, candidate] = await Promise.all([
      idOfNamed(api, bot_id, options.baseline),
      idOfNamed(api, bot_id, options.candidate),
    ]);
    const query = { bot_id, baseline, candidate };
    const { body: answer } = await api(compareStrategies, { query });
    const { verdict, strategies, targets } = answer;
    const head = [verdictBlock(verdict), ...todayBlocks(verdict, strategies[0])];
    if (!verdict?.baseline || !verdict.candidate) {
      return { answer, shown: [...head, ...changeBlocks({ verdict, targets, changes: [], looks: [] })] };
    }
    const path = { snapshot_id: verdict.candidate.snapshot_id };
    const [history, diff] = await Promise.all([
      api(getComparisonHistory, { query }),
      api(getSnapshotChanges, { path, query: { against: verdict.baseline.snapshot_id } }),
    ]);
    const { looks } = history.body;
    const { changes } = diff.body;
    return { answer, shown: [...head, ...changeBlocks({ verdict, targets, changes, looks })] };
  },
});

/** Explains why nothing may count yet although trades were closed today. */
function todayBlocks(verdict: Verdict | null, latest: Strategy | undefined): Block[] {
  if (!verdict?.through || !latest?.last_date || latest.last_date <= verdict.through) return [];
  return [sentence(`Complete days count, up to ${verdict.through}; the trades of today will count tomorrow.`)];
}
