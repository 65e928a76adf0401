import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { localSettings } from '../../local/settings.ts';
import { failed } from '../failed.ts';
import { atLocalDoor, deployedDoor } from './doors.ts';
import { exportTo } from './export.ts';
import { restoreFrom } from './restore.ts';
import type { Door } from './transaction.ts';

const usage = [
  'npm run export -- <file>    writes everything that the database holds to a file, as JSON lines',
  'npm run restore -- <file>   puts such a file into an empty database: all of it, or nothing',
];

/** What is asked about comes first. */
const helpOf = (what: string): string => `${(what === 'restore' ? usage.toReversed() : usage).join('\n')}

By default this machine's database: DATA_DIR (.local), with the service stopped, or DATABASE_URL.

  --stage <name>    that of the service deployed under this stage, by the AWS credentials that the AWS CLI would take …
  --region <name>   … in this region

The file holds your whole trading history: it is made readable for you alone.`;

const works = {
  export: (door: Door, file: string, said: (rows: number, table: string) => void) =>
    exportTo(door, file, { exportedAt: new Date().toISOString(), said }),
  restore: restoreFrom,
};

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' }, stage: { type: 'string' }, region: { type: 'string' } },
  });
  const [what = '', file, ...more] = positionals;
  if (values.help) console.log(helpOf(what));
  else if (!Object.hasOwn(works, what) || file === undefined || more.length > 0)
    throw new Error(`name one file\n\n${helpOf(what)}`);
  else await main(what as keyof typeof works, file, values);
} catch (error) {
  failed(error);
}

async function main(
  what: keyof typeof works,
  file: string,
  { stage, region }: { stage?: string | undefined; region?: string | undefined },
): Promise<void> {
  const bar = new SingleBar({
    format: '{what} {value} rows, {duration} s  {table}',
    noTTYOutput: true,
    notTTYSchedule: 2000,
    linewrap: null,
  });
  const work = async (door: Door) => {
    bar.start(0, 0, { what, table: '' });
    try {
      return await works[what](door, file, (rows, table) => bar.update(rows, { what, table: table.padEnd(30) }));
    } finally {
      bar.stop();
    }
  };
  const rows = stage
    ? await work(await deployedDoor(stage, region))
    : await atLocalDoor(localSettings(process.env), work);
  console.log(what === 'export' ? `${rows} rows are in ${file}.` : `${rows} rows were restored from ${file}.`);
}
