import { createHash } from 'node:crypto';
import { Arn, ArnFormat, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  CfnDBCluster,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseSecret,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { ENGINE_VERSION } from '../engine-version.ts';
import type { Settings } from '../settings.ts';
import type { DatabaseLogin } from './database-login.ts';

const databaseName = 'strategies';

/** Aurora PostgreSQL, accessible only through the RDS Data API: nothing else is in its network. */
export class Database extends Construct {
  /** The owner of the schema, used only by the migrations. */
  readonly master: DatabaseLogin;
  /** The role of all other functions. The migrations set its password and permissions. */
  readonly app: DatabaseLogin;
  /** The owner of the stage's own cluster, which the setting database_arn may have replaced. */
  readonly own: DatabaseLogin;
  /** Utilization in percent of max_capacity_acu, averaged over five minutes. */
  readonly capacity: IMetric;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: Settings }) {
    super(scope, id);
    const cluster = new DatabaseCluster(this, clusterId(settings.snapshot_arn), {
      engine: DatabaseClusterEngine.auroraPostgres({
        version: AuroraPostgresEngineVersion.of(ENGINE_VERSION.full, ENGINE_VERSION.major),
      }),
      writer: ClusterInstance.serverlessV2('Writer'),
      serverlessV2MinCapacity: settings.min_capacity_acu,
      serverlessV2MaxCapacity: settings.max_capacity_acu,
      vpc: isolatedNetwork(this),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      enableDataApi: true,
      defaultDatabaseName: databaseName,
      credentials: Credentials.fromUsername('postgres'),
      manageMasterUserPassword: true,
      storageEncrypted: true,
      backup: { retention: Duration.days(settings.backup_retention_days) },
      deletionProtection: settings.deletion_protection,
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
    const appSecret = new DatabaseSecret(this, 'AppSecret', { username: 'app', dbname: databaseName });

    if (settings.snapshot_arn !== null) restoreFrom(cluster, settings.snapshot_arn);
    if (cluster.secret === undefined) throw new Error('RDS does not manage the master secret');
    this.own = { resourceArn: cluster.clusterArn, databaseName, secretArn: cluster.secret.secretArn };
    const resourceArn = settings.database_arn ?? this.own.resourceArn;
    this.master = { resourceArn, databaseName, secretArn: settings.master_secret_arn ?? this.own.secretArn };
    this.app = { resourceArn, databaseName, secretArn: appSecret.secretArn };
    this.capacity = capacityOf(
      settings.database_arn === null ? cluster.clusterIdentifier : nameIn(settings.database_arn),
    );

    Validations.of(cluster).acknowledge({
      id: 'AwsSolutions-RDS6',
      reason: 'There are no network connections to authenticate: the Data API checks IAM itself.',
    });
    if (!settings.deletion_protection) {
      Validations.of(cluster).acknowledge({
        id: 'AwsSolutions-RDS10',
        reason: 'The setting deletion_protection is false.',
      });
    }
    Validations.of(appSecret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'The migrations set the password from this secret; only IAM principals of the service can read or use it.',
    });
  }
}

/** A cluster from another snapshot is another resource, so that the service stack, which refers to it by this name, changes with it. With the
 *  same name that template would not change, its deployment would be skipped, and the functions would keep the ARN of the old cluster. */
const clusterId = (snapshotArn: string | null): string =>
  snapshotArn === null ? 'Cluster' : `Cluster${createHash('sha256').update(snapshotArn).digest('hex').slice(0, 8)}`;

/** Creates a cluster from a snapshot, which has the name of the database, its owner and its encryption. The owner's password is managed and
 *  the Data API switched on afterwards, by CloudFormation. */
function restoreFrom(cluster: DatabaseCluster, snapshotArn: string): void {
  const { defaultChild } = cluster.node;
  if (!CfnDBCluster.isCfnDBCluster(defaultChild))
    throw new Error('the cluster was not found where CDK used to create it');
  defaultChild.snapshotIdentifier = snapshotArn;
  for (const name of ['DatabaseName', 'MasterUsername', 'StorageEncrypted'])
    defaultChild.addPropertyDeletionOverride(name);
  Validations.of(cluster).acknowledge({
    id: 'AwsSolutions-RDS2',
    reason: 'It is encrypted as its snapshot is, which is one of an encrypted cluster.',
  });
}

const nameIn = (clusterArn: string): string =>
  String(Arn.split(clusterArn, ArnFormat.COLON_RESOURCE_NAME).resourceName);

const capacityOf = (DBClusterIdentifier: string): IMetric =>
  new Metric({
    namespace: 'AWS/RDS',
    metricName: 'ACUUtilization',
    dimensionsMap: { DBClusterIdentifier },
    statistic: 'avg',
    period: Duration.minutes(5),
  });

/** A network without gateways and endpoints. Aurora requires subnets in two zones; only the database is in them. */
function isolatedNetwork(scope: Construct): Vpc {
  const vpc = new Vpc(scope, 'Network', {
    ipAddresses: IpAddresses.cidr('10.0.0.0/24'),
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Database', subnetType: SubnetType.PRIVATE_ISOLATED }],
    // Nothing uses the default group, and restricting it would require another Lambda function.
    restrictDefaultSecurityGroup: false,
  });
  Validations.of(vpc).acknowledge({
    id: 'AwsSolutions-VPC7',
    reason: 'There is no traffic to log: nothing can connect.',
  });
  return vpc;
}
