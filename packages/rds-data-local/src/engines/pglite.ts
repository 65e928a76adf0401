import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Extensions } from '@electric-sql/pglite';
import { type DatabaseError, escapeIdentifier, Pool } from 'pg';
import { DataApiError } from '../protocol/errors.ts';
import type { Connection, Engine } from './engine.ts';

export type PGliteEngine = Engine & {
  /** The whole cluster as a tar file, for `template`. Waits for the session. */
  readonly dump: () => Promise<Blob>;
};

export type PGliteSettings = {
  /** Where the database is kept; in memory when absent. The caller holds its lock. */
  readonly dataDir?: string | undefined;
  /** A dump that a new database starts from; an existing one is left as it is. */
  readonly template?: Blob | undefined;
  /** Extensions for `CREATE EXTENSION`, such as `btree_gist`: the names of `@electric-sql/pglite/contrib/…`. */
  readonly extensions?: readonly string[] | undefined;
};

/** The role that PGlite starts as. */
const SUPERUSER = 'postgres';

/** Severities of an error after which PGlite answers no more: its session is the whole server. */
const endsServer: ReadonlySet<string | undefined> = new Set(['FATAL', 'PANIC']);

/** PostgreSQL in this process, with one session for everyone: a call outside a transaction waits while one is open.
 *  @throws Error when there is no such extension, or the data directory cannot be read */
export async function openPGlite({ dataDir, template, extensions = [] }: PGliteSettings = {}): Promise<PGliteEngine> {
  const [{ PGlite }, { createPgConfig }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('@electric-sql/pglite/node-postgres'),
  ]);
  const isNew = dataDir === undefined || !existsSync(join(dataDir, 'PG_VERSION'));
  const pglite = await PGlite.create({
    extensions: await extensionsOf(extensions),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(isNew && template ? { loadDataDir: template } : {}),
  });
  // The adapter has one connection object: the pool must never close it and ask for another.
  const config = createPgConfig(pglite);
  const pool = new Pool({ ...config, max: 1, idleTimeoutMillis: 0 });
  const failure = Promise.withResolvers<Error>();
  config.connection.on('errorMessage', (error: DatabaseError) => {
    if (endsServer.has(error.severity)) failure.resolve(error);
  });
  // WebAssembly has trapped, or a file could not be read.
  config.connection.on('error', failure.resolve);
  pool.on('error', failure.resolve);
  pool.on('connect', (client) => client.on('error', failure.resolve));
  const mayLogIn = new Set([SUPERUSER]);

  async function connect({ login, database }: Connection = {}) {
    if (database !== undefined) throw databaseError('3D000', `database "${database}" does not exist`);
    const username = login?.username ?? SUPERUSER;
    const client = await pool.connect();
    try {
      await client.query(`SET SESSION AUTHORIZATION ${SUPERUSER}`);
      if (!mayLogIn.has(username)) {
        const { rows } = await client.query('SELECT rolcanlogin FROM pg_roles WHERE rolname = $1', [username]);
        refuseLogin(username, rows[0]);
        mayLogIn.add(username);
      }
      if (username !== SUPERUSER) await client.query(`SET SESSION AUTHORIZATION ${escapeIdentifier(username)}`);
      return client;
    } catch (error) {
      client.release();
      throw error;
    }
  }

  return {
    connect,
    failed: failure.promise,
    async dump() {
      const client = await connect();
      try {
        return await pglite.dumpDataDir('none');
      } finally {
        client.release();
      }
    },
    async close() {
      await pool.end();
      await pglite.close();
    },
  };
}

/** Rejects a role as a server would. PGlite has one session without a login, so it does not check. */
function refuseLogin(username: string, role: { readonly rolcanlogin: boolean } | undefined): void {
  if (!role) throw databaseError('28000', `role "${username}" does not exist`);
  if (!role.rolcanlogin) throw databaseError('28000', `role "${username}" is not permitted to log in`);
}

const databaseError = (sqlState: string, message: string): DataApiError =>
  new DataApiError('DatabaseErrorException', `ERROR: ${message}; SQLState: ${sqlState}`);

async function extensionsOf(names: readonly string[]): Promise<Extensions> {
  const loaded = names.map(async (name) => {
    if (!/^\w+$/.test(name)) throw new Error(`${name} is not the name of an extension`);
    try {
      const module = await import(/* @vite-ignore */ `@electric-sql/pglite/contrib/${name}`);
      return [name, module[name]] as const;
    } catch {
      throw new Error(`PGlite has no extension ${name}`);
    }
  });
  return Object.fromEntries(await Promise.all(loaded));
}
