import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the child tells once: where it listens, or why it does not. */
export type Report = { readonly url: string } | { readonly error: string };

type Database =
  /** In memory when `dataDir` is absent; `template` is the path of a dump that a new database starts from. */
  { readonly dataDir?: string | undefined; readonly template?: string | undefined } | { readonly databaseUrl: string };

export type DataApiProcess = {
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** Settles when the process has ended, by `stop` or by itself. */
  readonly ended: Promise<void>;
};

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** The Data API in a process of its own, since PGlite blocks its thread while it works. Port 0: any free port. */
export async function startDataApiProcess(settings: Database & { readonly port?: number }): Promise<DataApiProcess> {
  const child = fork(main, { env: { ...process.env, ...environmentOf(settings) }, execArgv: [] });
  const ended = once(child, 'exit').then(() => undefined);
  const report = await Promise.race([
    once(child, 'message').then(([message]) => message as Report),
    ended.then((): Report => ({ error: 'the local database stopped before it was ready' })),
  ]);
  if ('error' in report) {
    await ended;
    throw new Error(report.error);
  }
  return {
    url: report.url,
    ended,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Empty means absent, so that nothing of the parent's environment gets through. */
function environmentOf(settings: Database & { readonly port?: number }): NodeJS.ProcessEnv {
  const database =
    'databaseUrl' in settings
      ? { DATABASE_URL: settings.databaseUrl, DATA_DIR: '', TEMPLATE: '' }
      : { DATABASE_URL: '', DATA_DIR: settings.dataDir ?? '', TEMPLATE: settings.template ?? '' };
  return { ...database, PORT: String(settings.port ?? 0) };
}
