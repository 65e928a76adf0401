import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { DATABASE_NAME, MASTER_SECRET_ARN, RESOURCE_ARN } from '../../local/arns.ts';
import { startDatabase } from '../../local/database.ts';
import { runMigrations } from '../../local/run-migrations.ts';
import type { LocalSettings } from '../../local/settings.ts';
import { readStack } from '../service/outputs.ts';
import { stackOf } from '../service/place.ts';
import type { Door } from './transaction.ts';

/** Opens this machine's database, brought to this release, to do something with it. */
export async function atLocalDoor<Result>(
  { DATA_DIR, DATABASE_URL, TRADING_TIME_ZONE }: LocalSettings,
  work: (door: Door) => Promise<Result>,
): Promise<Result> {
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

/** The database of a stage on AWS, as its owner. */
export async function deployedDoor(stage: string, region: string | undefined): Promise<Door> {
  const cloudFormation = new CloudFormationClient({ region });
  const { outputs } = await readStack(cloudFormation, stackOf(stage));
  return {
    client: new RDSDataClient({ region }),
    target: {
      resourceArn: outputs.DatabaseArn,
      secretArn: outputs.DatabaseMasterSecretArn,
      database: outputs.DatabaseName,
    },
  };
}
