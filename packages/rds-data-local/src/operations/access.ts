import { type Cluster, type Secret, secretOf } from '../cluster.ts';
import type { Connection } from '../engines/engine.ts';
import { DataApiError } from '../protocol/errors.ts';
import type { Caller } from '../protocol/requests.ts';

/** The role of a call, and its database. */
export type Access = {
  readonly secret: Secret;
  /** Null when the request does not name one. */
  readonly database: string | null;
};

/** @throws DataApiError when the cluster is another one, or has no such secret */
export function accessOf(cluster: Cluster, request: Caller & { readonly database?: string | undefined }): Access {
  const { resourceArn, secretArn, database } = request;
  if (resourceArn !== cluster.resourceArn) {
    throw new DataApiError(
      'HttpEndpointNotEnabledException',
      `HttpEndpoint is not enabled for resource ${resourceArn}. This endpoint emulates ${cluster.resourceArn}.`,
    );
  }
  const secret = secretOf(cluster, secretArn);
  if (secret) return { secret, database: database || null };
  throw new DataApiError(
    'SecretsErrorException',
    `Error fetching secret ${secretArn}: Secrets Manager can't find the specified secret. (ResourceNotFoundException)`,
  );
}

/** By default the database has the name of the role, as for every PostgreSQL client. */
export function connectionOf(cluster: Cluster, { secret, database }: Access): Connection {
  const name = database ?? secret.username;
  return name === cluster.database ? { login: secret } : { login: secret, database: name };
}
