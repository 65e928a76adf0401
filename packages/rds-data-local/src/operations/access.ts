import { type Cluster, type Secret, secretOf } from '../cluster.ts';
import type { Connection } from '../engines/engine.ts';
import { DataApiError } from '../protocol/errors.ts';
import type { Caller } from '../protocol/requests.ts';

/** Who calls, and in which database. */
export type Access = {
  readonly secret: Secret;
  /** Null when the request names none. */
  readonly database: string | null;
};

/** @throws DataApiError when the cluster is another one, or has no such secret */
export function accessOf(cluster: Cluster, request: Caller & { readonly database?: string | undefined }): Access {
  const { resourceArn, secretArn, database } = request;
  if (resourceArn !== cluster.resourceArn) {
    throw new DataApiError(
      'HttpEndpointNotEnabledException',
      `HttpEndpoint is not enabled for resource ${resourceArn}. This endpoint stands for ${cluster.resourceArn}.`,
    );
  }
  const secret = secretOf(cluster, secretArn);
  if (secret) return { secret, database: database || null };
  throw new DataApiError(
    'SecretsErrorException',
    `Error fetching secret ${secretArn}: Secrets Manager can't find the specified secret. (ResourceNotFoundException)`,
  );
}

/** Without a name, the database is the one that is called as the role is: as for every client of PostgreSQL. */
export function connectionOf(cluster: Cluster, { secret, database }: Access): Connection {
  const name = database ?? secret.username;
  return name === cluster.database ? { login: secret } : { login: secret, database: name };
}
