import { createHmac, randomBytes } from 'node:crypto';
import { type ClusterSettings, type DataApiProcess, startDataApiProcess } from '@strategy-snapshots/rds-data-local';
import { APP_SECRET_ARN, DATABASE_NAME, MASTER_SECRET_ARN, RESOURCE_ARN } from './arns.ts';

/** Extensions that the schema's exclusion constraints need. */
export const PGLITE_EXTENSIONS = ['btree_gist'];

/** The cluster that the functions find on this machine: its owner and the role `app`, each with a secret.
 *  @param databaseUrl of a real PostgreSQL server; PGlite without it */
export function localCluster(databaseUrl?: string): ClusterSettings {
  const owner = ownerOf(databaseUrl);
  return {
    resourceArn: RESOURCE_ARN,
    database: DATABASE_NAME,
    secrets: [
      { arn: MASTER_SECRET_ARN, ...owner },
      { arn: APP_SECRET_ARN, username: 'app', password: appPassword(owner.password) },
    ],
  };
}

/** The owner's login: from the server's URL, or from the sources that every PostgreSQL client uses. */
function ownerOf(databaseUrl = 'postgres://postgres@localhost'): { username: string; password?: string } {
  const url = new URL(databaseUrl);
  const username = decodeURIComponent(url.username) || 'postgres';
  const password = decodeURIComponent(url.password) || process.env.PGPASSWORD;
  return password ? { username, password } : { username };
}

/** The password of the role `app`, which the migrator sets. It must be the same in all processes on one server, or they would lock each
 *  other out. */
function appPassword(ownerPassword: string | undefined): string {
  if (ownerPassword === undefined) return randomBytes(24).toString('base64url');
  return createHmac('sha256', ownerPassword).update('app').digest('base64url');
}

interface Place {
  /** Where PGlite keeps the database; in memory when absent. */
  readonly dataDir?: string | undefined;
  /** A PostgreSQL server instead. */
  readonly databaseUrl?: string | undefined;
  /** Reports what the user should know, such as a full disk. */
  readonly say?: (notice: string) => void;
  /** Ends a database that is still starting. */
  readonly signal?: AbortSignal;
}

/** The Data API and Secrets Manager at one address, in a process of their own, which is replaced when it fails.
 *  @throws Error when the data directory is in use, or the server does not answer */
export function startDatabase({ dataDir, databaseUrl, say, signal }: Place): Promise<DataApiProcess> {
  const engine = databaseUrl === undefined ? { dataDir, extensions: PGLITE_EXTENSIONS } : { databaseUrl };
  return startDataApiProcess({ engine, cluster: localCluster(databaseUrl) }, say, signal);
}
