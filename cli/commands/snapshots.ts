import { shortId } from '../../functions/formatting.ts';
import { left } from '../../functions/report/document/blocks.ts';
import { nameOf } from '../../functions/report/document/format.ts';
import { listSnapshots } from '../../functions/snapshots/contract.ts';
import { command, sentence } from '../command.ts';
import { serviceOptions } from '../service/location.ts';
import { minute } from '../snapshot.ts';

export const snapshots = command({
  summary: 'List the snapshots, the newest first',
  options: { limit: { type: 'string', value: '<n>', help: 'At most this many; default: 20' } },
  common: serviceOptions,
  async run({ bot_id, options: { limit = '20' } }, { api }) {
    const { body: answer } = await api(listSnapshots, { query: { bot_id, limit } });
    if (answer.snapshots.length === 0) return { answer, shown: [sentence('This bot has no snapshot yet.')] };
    return {
      answer,
      shown: [
        {
          type: 'table',
          caption: 'Snapshots, the newest first; times are in UTC',
          columns: [left('Id'), left('From'), left('Until'), left('Notes')],
          rows: answer.snapshots.map((each) => [
            shortId(each.snapshot_id),
            minute(each.active_from),
            each.active_until === null ? 'active' : minute(each.active_until),
            each.notes ? nameOf(each) : '–',
          ]),
        },
        ...(answer.next_cursor ? [sentence('There are older ones: --limit shows more.')] : []),
      ],
    };
  },
});
