import { randomUUID } from 'node:crypto';

/** The ARN and the name of the local database, and the ARNs of the secrets of its two roles. Those of the secrets are drawn at each start, so
 *  that another process on the machine, which can reach the Data API on loopback, cannot name them. */
const secretArn = (name: string) =>
  `arn:aws:secretsmanager:us-east-1:000000000000:secret:strategy-snapshots/${name}-${randomUUID()}`;

export const RESOURCE_ARN = 'arn:aws:rds:us-east-1:000000000000:cluster:strategy-snapshots';
export const DATABASE_NAME = 'postgres';
export const APP_SECRET_ARN = secretArn('app');
export const MASTER_SECRET_ARN = secretArn('master');
