import { Pool } from 'pg';
import { STATEMENT_SECONDS } from '../protocol/limits.ts';
import type { Connection, Engine } from './engine.ts';

type ServerOptions = { readonly statementSeconds?: number };

/** A real PostgreSQL server, in which every secret logs in with its own password.
 *  @param url `postgres://user:password@host:port/database`
 *  @throws Error without the password when it does not answer */
export async function openPostgresServer(
  url: string,
  { statementSeconds = STATEMENT_SECONDS }: ServerOptions = {},
): Promise<Engine> {
  if (!URL.canParse(url)) throw new Error('the database URL is not a URL: postgres://user:password@host:port/database');
  const options = `-c timezone=UTC -c statement_timeout=${statementSeconds * 1000}`;
  const pools = new Map<string, Pool>();

  function poolOf(connection: Connection): Pool {
    const connectionString = urlFor(url, connection);
    const pool = pools.get(connectionString) ?? newPool(connectionString, options);
    pools.set(connectionString, pool);
    return pool;
  }
  const close = async () => {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
  };

  try {
    await poolOf({}).query('SELECT 1');
  } catch (error) {
    await close();
    throw new Error(`the database at ${withoutPassword(url)} does not answer: ${reasonOf(error)}`);
  }
  return { connect: async (connection = {}) => poolOf(connection).connect(), close };
}

function urlFor(url: string, { login, database }: Connection): string {
  const target = new URL(url);
  if (login) {
    target.username = encodeURIComponent(login.username);
    target.password = encodeURIComponent(login.password);
  }
  if (database !== undefined) target.pathname = `/${encodeURIComponent(database)}`;
  return target.href;
}

function newPool(connectionString: string, options: string): Pool {
  const pool = new Pool({ connectionString, options, max: 20 });
  // A lost connection also fails the statement that runs on it; a session that is idle is simply replaced.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function withoutPassword(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** A host name with several addresses fails with an AggregateError, which has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
