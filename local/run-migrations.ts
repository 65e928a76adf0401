import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Endpoints, functionEnvironment, migratorEnvironment } from './environment.ts';

const main = fileURLToPath(new URL('migrate.ts', import.meta.url));

/** Brings a local database to this release, as a deployment does.
 *  @throws Error with what the migrator said when it failed */
export async function runMigrations(endpoints: Endpoints, timeZone: string): Promise<{ applied: string[] }> {
  const child = fork(main, {
    env: { PATH: process.env.PATH, ...functionEnvironment(endpoints), ...migratorEnvironment(timeZone) },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint += chunk;
  });
  let result: { applied: string[] } | undefined;
  child.on('message', (message) => {
    result = message as { applied: string[] };
  });
  await once(child, 'exit');
  if (!result) throw new Error(`the database could not be brought to this release:\n${complaint}`);
  return result;
}
