import type { PoolClient } from 'pg';

/** `master` owns the schema and migrates; `app` is what the functions may do. */
export type DatabaseRole = 'master' | 'app';

/** A PostgreSQL that hands out sessions in a role, in UTC, without an open transaction. */
export type Engine = {
  readonly connect: (role: DatabaseRole) => Promise<PoolClient>;
  readonly close: () => Promise<void>;
};
