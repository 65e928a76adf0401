import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import type { Connection } from '../../functions/database/data-api.ts';
import { DATABASE_NAME, MASTER_SECRET_ARN, RESOURCE_ARN } from '../../local/arns.ts';
import { startDatabase } from '../../local/database.ts';
import { runMigrations } from '../../local/run-migrations.ts';
import { Failure } from '../failure.ts';
import { settingsInEnvironment } from '../local-service.ts';
import type { ServiceLocation } from '../service/location.ts';
import { readStack } from '../service/outputs.ts';

/** @throws Failure when this machine has no database yet, which connecting to it would create */
export function requireData({ stack }: ServiceLocation): void {
  const { DATA_DIR, DATABASE_URL } = settingsInEnvironment();
  if (stack !== undefined || DATABASE_URL !== undefined || existsSync(DATA_DIR)) return;
  throw new Failure(
    `there is no data in ${resolve(DATA_DIR)}: run this in the folder in which the service was started, or set DATA_DIR`,
  );
}

/** Connects to the database of a deployed service, or else of this machine, as its owner. */
export async function withConnection<Result>(
  { stack, region }: ServiceLocation,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  return stack === undefined ? withLocalDatabase(work) : work(await deployedDatabase(stack, region));
}

/** Brings this machine's database to this release first. */
async function withLocalDatabase<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
  const { DATA_DIR, DATABASE_URL, TRADING_TIME_ZONE } = settingsInEnvironment();
  const database = await startDatabase({ dataDir: DATA_DIR, databaseUrl: DATABASE_URL });
  try {
    await runMigrations({ database: database.url, ses: database.url }, TRADING_TIME_ZONE);
    const client = new RDSDataClient({
      endpoint: database.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    return await work({
      client,
      target: { resourceArn: RESOURCE_ARN, secretArn: MASTER_SECRET_ARN, database: DATABASE_NAME },
    });
  } finally {
    await database.stop();
  }
}

async function deployedDatabase(stack: string, region: string | undefined): Promise<Connection> {
  const { outputs } = await readStack(new CloudFormationClient({ region }), stack);
  return {
    client: new RDSDataClient({ region }),
    target: {
      resourceArn: outputs.DatabaseArn,
      secretArn: outputs.DatabaseMasterSecretArn,
      database: outputs.DatabaseName,
    },
  };
}
