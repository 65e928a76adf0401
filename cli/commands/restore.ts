import { counted } from '../../functions/formatting.ts';
import { command } from '../command.ts';
import { databaseVariables } from '../environment.ts';
import { deploymentOptions } from '../service/location.ts';

export const restore = command({
  summary: 'Restore an exported file into an empty database: all of it or nothing',
  operands: { usage: '<file>', least: 1, most: 1 },
  description:
    'By default restores into the database of this machine: stop the service first. Accepts exports of this release and of version 0.1.',
  options: {},
  common: deploymentOptions,
  environment: databaseVariables,
  examples: {
    'backup.jsonl': 'Into the database of this machine',
    '--stage dev backup.jsonl': 'Into the database of a deployed service',
  },
  async run({ operands: [file = ''] }, { location, progress }) {
    const [{ withConnection }, { restoreFrom }] = await Promise.all([
      import('../backup/connection.ts'),
      import('../backup/restore.ts'),
    ]);
    const rows = await withConnection(location, (connection) =>
      restoreFrom(connection, file, (done, detail) => progress({ what: 'restore', done, unit: 'rows', detail })),
    );
    return { answer: { rows, file }, shown: `Restored ${counted(rows, 'row')} from ${file}.` };
  },
});
