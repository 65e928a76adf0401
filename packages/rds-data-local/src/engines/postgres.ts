import { Pool } from 'pg';
import { STATEMENT_SECONDS } from '../limits.ts';
import type { DatabaseRole, Engine } from './engine.ts';

type ServerOptions = { readonly statementSeconds?: number };

/** A real PostgreSQL server. Throws one clear error, without the password, when it does not answer. */
export async function openPostgresServer(
  url: string,
  { statementSeconds = STATEMENT_SECONDS }: ServerOptions = {},
): Promise<Engine> {
  const session = `-c timezone=UTC -c statement_timeout=${statementSeconds * 1000}`;
  const pools: Readonly<Record<DatabaseRole, Pool>> = {
    master: poolOf(url, session),
    app: poolOf(url, `${session} -c role=app`),
  };
  const close = async () => {
    await Promise.all([pools.master.end(), pools.app.end()]);
  };

  try {
    await pools.master.query('SELECT 1');
  } catch (error) {
    await close();
    throw new Error(`the database at ${withoutPassword(url)} does not answer: ${reasonOf(error)}`);
  }
  return { connect: (role) => pools[role].connect(), close };
}

function poolOf(url: string, options: string): Pool {
  const pool = new Pool({ connectionString: url, options, max: 20 });
  // A lost connection also fails the statement that runs on it; a session that is idle is simply replaced.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'DATABASE_URL, which is not a URL,';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** A host name with several addresses fails with an AggregateError, which has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
