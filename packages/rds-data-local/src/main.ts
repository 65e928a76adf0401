import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { lockDirectory } from './engines/directory-lock.ts';
import type { Engine } from './engines/engine.ts';
import { openPGlite } from './engines/pglite.ts';
import { openPostgresServer } from './engines/postgres.ts';
import type { Report } from './process.ts';
import { startDataApi } from './server.ts';

// DATABASE_URL: a real server; otherwise PGlite, in DATA_DIR or else in memory, new ones from the dump TEMPLATE.
const { DATABASE_URL, DATA_DIR, TEMPLATE, PORT = '0' } = process.env;

async function openEngine(): Promise<Engine> {
  if (DATABASE_URL) return openPostgresServer(DATABASE_URL);
  const template = TEMPLATE ? new Blob([await readFile(TEMPLATE)]) : undefined;
  if (!DATA_DIR) return openPGlite({ template });
  const { release } = lockDirectory(DATA_DIR);
  const { connect, close } = await openPGlite({ dataDir: join(DATA_DIR, 'postgres'), template });
  return { connect, close: () => close().finally(release) };
}

async function start(): Promise<void> {
  const engine = await openEngine();
  const { url, close } = await startDataApi({ port: Number(PORT), engine });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await close();
    await engine.close();
    process.exit();
  };
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
  report({ url });
}

function report(message: Report): void {
  if (process.send) process.send(message);
  else console.log(message);
}

new Worker(new URL('watchdog.ts', import.meta.url)).unref();

// Ctrl-C reaches every process of the terminal; a parent decides for itself when its database stops.
if (process.connected) process.on('SIGINT', () => undefined);

try {
  await start();
} catch (error) {
  report({ error: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
