import type { PoolClient } from 'pg';

export type Login = { readonly username: string; readonly password: string };

export type Connection = {
  /** By default the owner of the engine: PGlite's superuser, or the user of the server's URL. */
  readonly login?: Login;
  /** By default the database that the engine was opened on. */
  readonly database?: string;
};

/** A PostgreSQL that hands out sessions in UTC, without an open transaction. */
export type Engine = {
  /** @throws PostgreSQL's error when the role may not log in or the database does not exist */
  readonly connect: (connection?: Connection) => Promise<PoolClient>;
  /** Resolves when the engine can no longer answer, such as after a panic. Absent: it replaces lost sessions by itself. */
  readonly failed?: Promise<Error>;
  readonly close: () => Promise<void>;
};
