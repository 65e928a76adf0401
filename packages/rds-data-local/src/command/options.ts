import { parseArgs } from 'node:util';
import type { ClusterSettings } from '../cluster.ts';
import type { EngineSettings } from '../engines/open-engine.ts';
import { type FaultSettings, faultOf } from '../faults/fault.ts';
import type { ProcessSettings } from '../process/process.ts';

const DEFAULT_PORT = 8010;
const ACCOUNT = 'us-east-1:000000000000';

export const HELP = `rds-data-local: the Amazon RDS Data API (Aurora PostgreSQL) on this machine, over PGlite or a PostgreSQL server.

  --port <n>              the port, on loopback only (default ${DEFAULT_PORT}; 0: any free port)
  --data-dir <path>       the directory of PGlite's database (default: in memory)
  --extension <name>      an extension for PGlite's CREATE EXTENSION, such as btree_gist; may be repeated
  --database-url <url>    a PostgreSQL server instead of PGlite: postgres://user:password@host:port/database
  --database <name>       the name of that database in requests (default: the name in the URL, or postgres)
  --resource-arn <arn>    the cluster that requests must name (default arn:aws:rds:${ACCOUNT}:cluster:local)
  --secret <secret>       <name or ARN>=<role>[:<password>], a role that may log in; may be repeated
                          (default: rds-data-local=<the user of the URL, or postgres>)
  --fault <fault>         a fault to simulate: <name>[,for_seconds=<n>][,times=<n>][,operation=<name>], or JSON; may be repeated
  --fault-routes          serves /_faults, which sets faults at run time
  --help`;

export type Options = Required<Pick<ProcessSettings, 'engine' | 'cluster' | 'port' | 'faults' | 'faultRoutes'>>;

/** Parses the command line; null when it requests help.
 *  @throws Error that says what is wrong with it */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      'data-dir': { type: 'string' },
      extension: { type: 'string', multiple: true, default: [] },
      'database-url': { type: 'string' },
      database: { type: 'string' },
      'resource-arn': { type: 'string', default: `arn:aws:rds:${ACCOUNT}:cluster:local` },
      secret: { type: 'string', multiple: true },
      fault: { type: 'string', multiple: true, default: [] },
      'fault-routes': { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const { 'data-dir': dataDir, 'database-url': databaseUrl, extension: extensions } = values;
  if (databaseUrl !== undefined && (dataDir !== undefined || extensions.length > 0)) {
    throw new Error('--data-dir and --extension are for PGlite: they cannot be combined with --database-url');
  }
  const engine: EngineSettings = databaseUrl === undefined ? { dataDir, extensions } : { databaseUrl };
  const owner = ownerOf(databaseUrl, environment);
  const cluster: ClusterSettings = {
    resourceArn: values['resource-arn'],
    database: values.database ?? owner.database,
    secrets: values.secret?.map(secretOf) ?? [{ arn: secretArn('rds-data-local'), ...owner.login }],
  };
  const faults = values.fault.map(readFault);
  return { engine, cluster, port: portOf(values.port), faults, faultRoutes: values['fault-routes'] };
}

function portOf(text: string): number {
  const port = Number(text);
  if (text === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port ${text} must be a number from 0 to 65535`);
  }
  return port;
}

/** The role and the database of the default secret: from the URL, completed as libpq does. */
function ownerOf(databaseUrl: string | undefined, { PGPASSWORD }: NodeJS.ProcessEnv) {
  if (databaseUrl === undefined) return { database: 'postgres', login: { username: 'postgres' } };
  if (!/^postgres(ql)?:$/.test(URL.parse(databaseUrl)?.protocol ?? '')) {
    throw new Error('--database-url must be postgres://user:password@host:port/database');
  }
  const url = new URL(databaseUrl);
  const username = decodeURIComponent(url.username) || 'postgres';
  const password = decodeURIComponent(url.password) || PGPASSWORD;
  const database = decodeURIComponent(url.pathname.slice(1)) || username;
  return { database, login: password ? { username, password } : { username } };
}

function secretOf(text: string): ClusterSettings['secrets'][number] {
  const [, name, username, password] = /^([^=]+)=([^:]+)(?::(.+))?$/s.exec(text) ?? [];
  if (!name || !username) throw new Error(`--secret ${text} must be <name or ARN>=<role>[:<password>]`);
  return { arn: secretArn(name), username, ...(password ? { password } : {}) };
}

const secretArn = (nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : `arn:aws:secretsmanager:${ACCOUNT}:secret:${nameOrArn}`;

/** @example readFault('DatabaseResumingException,for_seconds=15') */
function readFault(text: string): FaultSettings {
  try {
    return faultOf(text.startsWith('{') ? JSON.parse(text) : membersOf(text));
  } catch (error) {
    throw new Error(`--fault ${text}: ${error instanceof Error ? error.message : error}`);
  }
}

function membersOf(text: string): object {
  const [name, ...members] = text.split(',');
  const pairs = members.map((member) => {
    const [key = '', value = ''] = member.split(/=(.*)/s);
    return [key, value === 'true' ? true : /^\d+(\.\d+)?$/.test(value) ? Number(value) : value];
  });
  return { name, ...Object.fromEntries(pairs) };
}
