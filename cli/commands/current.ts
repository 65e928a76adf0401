import { left } from '../../functions/report/document/blocks.ts';
import { plain, settingOf } from '../../functions/report/document/plain.ts';
import { changesBetween } from '../../functions/snapshots/changes.ts';
import { command, sentence } from '../command.ts';
import { serviceOptions } from '../service/location.ts';
import { activeSnapshot, described } from '../snapshot.ts';

export const current = command({
  summary: 'Show the active snapshot and its settings',
  options: {},
  common: serviceOptions,
  async run({ bot_id }, { api }) {
    const answer = await activeSnapshot(api, bot_id);
    const settings = changesBetween({}, answer.config);
    return {
      answer,
      shown: [
        sentence(described(answer)),
        settings.length === 0
          ? sentence('It has no settings.')
          : {
              type: 'table',
              caption: 'Its settings',
              columns: [left('Setting'), left('Value')],
              rows: settings.map(({ path, after }) => [plain(path, 60), settingOf(after)]),
            },
      ],
    };
  },
});
