import type { ClusterSettings } from '../../src/cluster.ts';

export const resourceArn = 'arn:aws:rds:us-east-1:000000000000:cluster:tested';
export const secretArns = {
  owner: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:tested/owner-AbCdEf',
  reader: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:tested/reader',
} as const;
export type SecretName = keyof typeof secretArns;

/** The password, also of the server that the tests start. */
export const OWNER_PASSWORD = 'of the owner';

export const cluster = {
  resourceArn,
  secrets: [
    { arn: secretArns.owner, username: 'postgres', password: OWNER_PASSWORD },
    { arn: secretArns.reader, username: 'reader', password: 'of the reader' },
  ],
} satisfies ClusterSettings;
