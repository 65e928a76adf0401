import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { environment } from '../runtime/environment.ts';
import { publish } from '../runtime/metrics.ts';
import { untilAwake } from './awake.ts';
import { dataApi } from './data-api.ts';
import { underMigrationLock } from './migration-lock.ts';
import { migrate } from './migrations.ts';
import { schema } from './schema.ts';
import { scramVerifier } from './scram.ts';
import { sql, statement } from './sql.ts';

const settings = environment(
  z.object({
    DATABASE_RESOURCE_ARN: z.string().min(1),
    DATABASE_SECRET_ARN: z.string().min(1),
    DATABASE_NAME: z.string().min(1),
    APP_SECRET_ARN: z.string().min(1),
    TRADING_TIME_ZONE: z.string().min(1),
  }),
);
const data = new RDSDataClient({});
const secrets = new SecretsManagerClient({});

/** Time limit in milliseconds, below the 14 minutes that the deployment waits, so that the migration's own error is reported. */
const LONGEST_MS = 13 * 60_000;

/** Upgrades the database to this release, before any other function is deployed: runs the migrations, and sets the password of the
 *  functions' role and the trading time zone. A change of the time zone marks every day. */
export async function handler(
  _event: unknown,
  context: Context,
): Promise<{ applied: string[]; time_zone_changed: boolean }> {
  const signal = AbortSignal.timeout(Math.min(context.getRemainingTimeInMillis() - 5_000, LONGEST_MS));
  const target = {
    resourceArn: settings.DATABASE_RESOURCE_ARN,
    secretArn: settings.DATABASE_SECRET_ARN,
    database: settings.DATABASE_NAME,
  };
  const database = dataApi(data, target, signal);
  await untilAwake(database, { signal, logger: new Logger() });
  const applied = await migrate(schema, underMigrationLock({ client: data, target }, signal));

  const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId: settings.APP_SECRET_ARN }));
  const { password } = z.object({ password: z.string().min(1) }).parse(JSON.parse(SecretString));
  await database.many(
    z.unknown(),
    statement(`ALTER ROLE app LOGIN PASSWORD '${scramVerifier(password, randomBytes(16))}'`),
  );
  const { changed } = await database.one(
    z.object({ changed: z.boolean() }),
    sql`SELECT set_trading_time_zone(${settings.TRADING_TIME_ZONE}) AS changed`,
  );
  publish({ Deployments: 1 });
  return { applied, time_zone_changed: changed };
}
