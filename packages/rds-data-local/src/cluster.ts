import { randomBytes } from 'node:crypto';
import * as z from 'zod';

/** Longest secret ARN. The SDK's model says 100; the service accepts the longest ARN of Secrets Manager, and `rds!cluster-…` has 108. */
export const ARN_LENGTH = { min: 11, max: 570 } as const;

const Arn = z
  .string()
  .min(ARN_LENGTH.min)
  .max(ARN_LENGTH.max)
  .regex(/^arn:[^:]+:[^:]+:/, 'must be an ARN');

const Secret = z.strictObject({
  /** The value of `secretArn` in requests. */
  arn: Arn,
  /** The role that logs in. */
  username: z.string().min(1).max(63),
  /** Checked by a PostgreSQL server, not by PGlite. By default a new one at every start. */
  password: z
    .string()
    .min(1)
    .default(() => randomBytes(24).toString('base64url')),
});

export const Cluster = z.strictObject({
  /** The required value of `resourceArn` in requests. */
  resourceArn: Arn,
  /** The name in requests of the database on which the engine was opened. */
  database: z.string().min(1).max(64).default('postgres'),
  secrets: z.array(Secret).min(1),
});

/** The Aurora cluster that the endpoint emulates. */
export type Cluster = z.output<typeof Cluster>;
export type ClusterSettings = z.input<typeof Cluster>;
export type Secret = Cluster['secrets'][number];

/** @throws Error that names every setting that is wrong */
export function clusterOf(settings: ClusterSettings): Cluster {
  const parsed = Cluster.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `cluster.${path.join('.')}: ${message}`).join('\n'));
}

/** Finds a secret by its name or ARN, with or without the six characters that Secrets Manager appends to an ARN; null when not found. */
export function secretOf({ secrets }: Cluster, nameOrArn: string): Secret | null {
  const whole = secrets.find(({ arn }) => arn === nameOrArn || nameIn(arn) === nameOrArn);
  const suffixed = ({ arn }: Secret) => withoutSuffix(arn) === nameOrArn || secretName(arn) === nameOrArn;
  return whole ?? secrets.find(suffixed) ?? null;
}

/** @example secretName('arn:aws:secretsmanager:us-east-1:000000000000:secret:app-AbCdEf') // 'app' */
export const secretName = (arn: string): string => nameIn(withoutSuffix(arn));

const nameIn = (arn: string): string => arn.split(':').slice(6).join(':');

const withoutSuffix = (arn: string): string => arn.replace(/-[A-Za-z\d]{6}$/, '');
