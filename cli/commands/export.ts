import { counted } from '../../functions/formatting.ts';
import { command } from '../command.ts';
import { databaseVariables } from '../environment.ts';
import { deploymentOptions } from '../service/location.ts';

export const exportCommand = command({
  summary: 'Write everything in the database to a file, as JSON lines',
  operands: { usage: '<file>', least: 1, most: 1 },
  description:
    'By default exports the database of this machine: stop the service first. The file contains your whole trading history, and only you can read it.',
  options: {},
  common: deploymentOptions,
  environment: databaseVariables,
  examples: {
    'backup.jsonl': 'The database of this machine',
    '--stage dev backup.jsonl': 'The database of a deployed service',
  },
  async run({ operands: [file = ''] }, { location, progress }) {
    const [{ requireData, withConnection }, { exportTo }] = await Promise.all([
      import('../backup/connection.ts'),
      import('../backup/export.ts'),
    ]);
    requireData(location);
    const rows = await withConnection(location, (connection) =>
      exportTo(connection, file, {
        exportedAt: new Date().toISOString(),
        onRows: (done, detail) => progress({ what: 'export', done, unit: 'rows', detail }),
      }),
    );
    return { answer: { rows, file }, shown: `Exported ${counted(rows, 'row')} to ${file}.` };
  },
});
