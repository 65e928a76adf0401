import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Extensions, PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { Pool } from 'pg';
import type { DatabaseRole, Engine } from './engine.ts';

export type PGliteEngine = Engine & {
  /** The whole cluster as a tar file, for `template`. Waits for the session. */
  readonly dump: () => Promise<Blob>;
};

type PGliteSettings = {
  /** Where the database is kept; in memory when absent. The caller holds its lock. */
  readonly dataDir?: string | undefined;
  /** A dump that a new database starts from; an existing one is left as it is. */
  readonly template?: Blob | undefined;
};

const extensions: Extensions = { btree_gist };

/** One session for everyone: a call outside a transaction waits while one is open. */
export async function openPGlite({ dataDir, template }: PGliteSettings = {}): Promise<PGliteEngine> {
  const isNew = dataDir === undefined || !existsSync(join(dataDir, 'PG_VERSION'));
  const pglite = await PGlite.create({
    extensions,
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(isNew && template ? { loadDataDir: template } : {}),
  });
  // The adapter has one connection object: the pool must never close it and ask for another.
  const pool = new Pool({ ...createPgConfig(pglite), max: 1, idleTimeoutMillis: 0 });

  async function connect(role: DatabaseRole) {
    const client = await pool.connect();
    try {
      await client.query(role === 'master' ? 'RESET ROLE' : `SET ROLE ${role}`);
      return client;
    } catch (error) {
      client.release();
      throw error;
    }
  }

  return {
    connect,
    async dump() {
      const client = await connect('master');
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
