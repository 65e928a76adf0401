import {
  CreateDBInstanceCommand,
  type DBCluster,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  EnableHttpEndpointCommand,
  ModifyDBClusterCommand,
  type RDSClient,
  RestoreDBClusterToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { Failure } from '../failure.ts';
import { until, type Waiting } from '../until.ts';

export interface RestorePoint {
  /** The name of the new cluster. */
  readonly name: string;
  /** Null: the latest time that the backups cover. */
  readonly at: Date | null;
}

/** The one instance of a copy. */
export const instanceOf = (name: string): string => `${name}-writer`;

/** A cluster by its name or its ARN. @returns null when there is none */
export async function clusterNamed(rds: RDSClient, name: string): Promise<DBCluster | null> {
  const found = await unlessMissing(rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name })));
  return found?.DBClusters?.[0] ?? null;
}

/** Begins a point-in-time restore into a new cluster in the same network, with the same capacity. It reads the backups, unlike a clone. */
export async function beginCopy(rds: RDSClient, source: DBCluster, { name, at }: RestorePoint): Promise<void> {
  const { MinCapacity, MaxCapacity } = source.ServerlessV2ScalingConfiguration ?? {};
  await rds.send(
    new RestoreDBClusterToPointInTimeCommand({
      DBClusterIdentifier: name,
      SourceDBClusterIdentifier: source.DBClusterArn,
      RestoreType: 'full-copy',
      ...(at === null ? { UseLatestRestorableTime: true } : { RestoreToTime: at }),
      DBSubnetGroupName: source.DBSubnetGroup,
      VpcSecurityGroupIds: source.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId: id }) => id ?? []),
      ServerlessV2ScalingConfiguration: { MinCapacity, MaxCapacity },
      Tags: [{ Key: 'strategy-snapshots', Value: 'restore-drill' }],
    }),
  );
}

/** Adds the instance, once the cluster is there, and what a restore does not take: the Data API and the secret of the master user. */
export async function completeCopy(rds: RDSClient, name: string, waiting: Waiting): Promise<DBCluster> {
  const restored = await clusterWhen(rds, name, ({ Status }) => Status === 'available', waiting);
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: instanceOf(name),
      DBClusterIdentifier: name,
      DBInstanceClass: 'db.serverless',
      Engine: restored.Engine,
    }),
  );
  await until(async () => (await instanceStatus(rds, name)) === 'available', waiting);
  await rds.send(
    new ModifyDBClusterCommand({ DBClusterIdentifier: name, ManageMasterUserPassword: true, ApplyImmediately: true }),
  );
  await rds.send(new EnableHttpEndpointCommand({ ResourceArn: restored.DBClusterArn }));
  return clusterWhen(
    rds,
    name,
    ({ Status, HttpEndpointEnabled, MasterUserSecret }) =>
      Status === 'available' && HttpEndpointEnabled === true && MasterUserSecret?.SecretStatus === 'active',
    waiting,
  );
}

/** Protects a copy that stays from deletion. */
export async function protect(rds: RDSClient, name: string): Promise<void> {
  await rds.send(
    new ModifyDBClusterCommand({ DBClusterIdentifier: name, DeletionProtection: true, ApplyImmediately: true }),
  );
}

/** Deletes a copy with its backups, in whatever state it is, and waits until it is gone. */
export async function removeCopy(rds: RDSClient, name: string, waiting: Waiting): Promise<void> {
  await until(async () => {
    const instance = await instanceStatus(rds, name);
    if (instance !== null && instance !== 'deleting')
      await unlessBusy(
        rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: instanceOf(name), SkipFinalSnapshot: true })),
      );
    const cluster = await clusterNamed(rds, name);
    if (cluster !== null && cluster.Status !== 'deleting')
      await unlessBusy(
        rds.send(
          new DeleteDBClusterCommand({
            DBClusterIdentifier: name,
            SkipFinalSnapshot: true,
            DeleteAutomatedBackups: true,
          }),
        ),
      );
    return cluster === null && instance === null;
  }, waiting);
}

/** Waits until the backups of a cluster cover an instant. Aurora’s are about five minutes behind. */
export async function untilCovered(
  rds: RDSClient,
  { cluster, instant }: { readonly cluster: string; readonly instant: Date },
  waiting: Waiting,
): Promise<void> {
  await clusterWhen(rds, cluster, ({ LatestRestorableTime }) => (LatestRestorableTime ?? 0) >= instant, waiting);
}

async function clusterWhen(
  rds: RDSClient,
  name: string,
  isReady: (cluster: DBCluster) => boolean,
  waiting: Waiting,
): Promise<DBCluster> {
  return until(async () => {
    const cluster = await clusterNamed(rds, name);
    if (cluster === null) throw new Failure(`the cluster ${name} has disappeared`);
    return isReady(cluster) && cluster;
  }, waiting);
}

async function instanceStatus(rds: RDSClient, name: string): Promise<string | null> {
  const DBInstanceIdentifier = instanceOf(name);
  const found = await unlessMissing(rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier })));
  return found?.DBInstances?.[0]?.DBInstanceStatus ?? null;
}

const isNamed = (error: unknown, names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

async function unlessMissing<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  return answer.catch((error) => {
    if (isNamed(error, ['DBClusterNotFoundFault', 'DBInstanceNotFoundFault'])) return null;
    throw error;
  });
}

/** A deletion is refused while something is being created or changed: the next look asks again. */
async function unlessBusy(answer: Promise<unknown>): Promise<void> {
  await unlessMissing(answer).catch((error) => {
    if (!isNamed(error, ['InvalidDBClusterStateFault', 'InvalidDBInstanceStateFault'])) throw error;
  });
}
