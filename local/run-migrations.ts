import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Endpoints, functionEnvironment, migratorEnvironment } from './environment.ts';

const main = fileURLToPath(new URL('migrate.ts', import.meta.url));

/** The result that the migrator's process reports. */
export type Outcome = { readonly applied: string[] } | { readonly error: string };

/** Brings a local database to this release, as a deployment does.
 *  @throws Error with the migrator's message when it failed; the reason of `signal` when that was aborted */
export async function runMigrations(
  endpoints: Endpoints,
  timeZone: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ applied: string[] }> {
  const child = fork(main, {
    env: { PATH: process.env.PATH, ...functionEnvironment(endpoints), ...migratorEnvironment(timeZone) },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const kill = () => child.kill();
  signal.addEventListener('abort', kill);
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  let outcome: Outcome | undefined;
  child.on('message', (message) => {
    outcome = message as Outcome;
  });
  const [code, killedBy] = await once(child, 'exit');
  signal.removeEventListener('abort', kill);
  if (outcome && 'applied' in outcome) return outcome;
  signal.throwIfAborted();
  const thrown = /^\w*Error.*$/m.exec(stderr)?.[0];
  throw new Error(
    `the migrations failed: ${outcome?.error ?? thrown ?? `their process ended with ${killedBy ?? `code ${code}`}`}`,
  );
}
