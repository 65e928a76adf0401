import { DescribeDBClusterSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Settings } from '../../infra/settings.ts';
import { clusterNamed } from '../restore-drill/copy.ts';
import type { Checklist } from '../smoke/checklist.ts';
import { isNamed, Missing } from './missing.ts';

/** Checks that what the settings name exists in this region. */
export async function checkResources(
  { check }: Checklist,
  { notify_secret_arn, database_arn, master_secret_arn, snapshot_arn }: Settings,
  region: string | undefined,
): Promise<void> {
  const rds = new RDSClient({ region });
  const secrets = new SecretsManagerClient({ region });
  for (const [name, SecretId] of Object.entries({ notify_secret_arn, master_secret_arn })) {
    if (SecretId === null) continue;
    await check(`the secret ${name} exists`, async () => {
      await secrets.send(new DescribeSecretCommand({ SecretId })).catch((error) => {
        if (!isNamed(error, 'ResourceNotFoundException')) throw error;
        throw new Missing('There is none in this region', `Create it, or correct ${name}`);
      });
    });
  }
  if (database_arn !== null)
    await check('the cluster database_arn answers the Data API', async () => {
      const cluster = await clusterNamed(rds, database_arn);
      if (cluster === null) throw new Missing('There is none in this region', 'Correct database_arn');
      if (cluster.HttpEndpointEnabled !== true)
        throw new Missing('It has none', `Run aws rds enable-http-endpoint --resource-arn ${database_arn}`);
    });
  if (snapshot_arn !== null)
    await check('the snapshot snapshot_arn exists', async () => {
      const found = await rds
        .send(new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: snapshot_arn }))
        .catch((error) => {
          if (isNamed(error, 'DBClusterSnapshotNotFoundFault')) return null;
          throw error;
        });
      if (!found?.DBClusterSnapshots?.length)
        throw new Missing('There is none in this region', 'Copy it here, or correct snapshot_arn');
    });
}
