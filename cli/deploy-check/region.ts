import { DescribeOrderableDBInstanceOptionsCommand, RDSClient } from '@aws-sdk/client-rds';
import { ExecuteStatementCommand, RDSDataClient, RDSDataServiceException } from '@aws-sdk/client-rds-data';
import { ENGINE_VERSION } from '../../infra/engine-version.ts';
import type { Checklist } from '../smoke/checklist.ts';
import { Missing } from './missing.ts';

const ANOTHER = 'Deploy to another region (AWS_REGION)';

/** Checks that the region offers Aurora Serverless v2 in our version, and the Data API. */
export async function checkRegion({ check }: Checklist, region: string | undefined): Promise<void> {
  const rds = new RDSClient({ region });
  await check(`the region has Aurora PostgreSQL ${ENGINE_VERSION.full} Serverless v2`, async () => {
    const { OrderableDBInstanceOptions = [] } = await rds.send(
      new DescribeOrderableDBInstanceOptionsCommand({
        Engine: 'aurora-postgresql',
        EngineVersion: ENGINE_VERSION.full,
        DBInstanceClass: 'db.serverless',
      }),
    );
    if (OrderableDBInstanceOptions.length === 0) throw new Missing('RDS does not offer it here', ANOTHER);
  });

  const data = new RDSDataClient({ region });
  await check('the region has the RDS Data API', async () => {
    // No such cluster exists: any answer of the service will do.
    const nowhere = `arn:aws:rds:${await rds.config.region()}:000000000000:cluster:deploy-check`;
    const statement = {
      resourceArn: nowhere,
      secretArn: nowhere.replace(':rds:', ':secretsmanager:'),
      sql: 'SELECT 1',
    };
    await data.send(new ExecuteStatementCommand(statement)).catch((error) => {
      if (error instanceof RDSDataServiceException) return;
      throw new Missing(`It does not answer (${error.message})`, ANOTHER);
    });
  });
}
