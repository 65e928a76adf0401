import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseSecret,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import type { DatabaseLogin } from './database-login.ts';

const databaseName = 'strategies';

/** Aurora PostgreSQL, accessible only through the RDS Data API: nothing else is in its network. */
export class Database extends Construct {
  /** The owner of the schema, used only by the migrations. */
  readonly master: DatabaseLogin;
  /** The role of all other functions. The migrations set its password and permissions. */
  readonly app: DatabaseLogin;
  /** Utilization in percent of max_capacity_acu, averaged over five minutes. */
  readonly capacity: IMetric;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: Settings }) {
    super(scope, id);
    const cluster = new DatabaseCluster(this, 'Cluster', {
      engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_7 }),
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

    const resourceArn = cluster.clusterArn;
    if (cluster.secret === undefined) throw new Error('RDS does not manage the master secret');
    this.master = { resourceArn, databaseName, secretArn: cluster.secret.secretArn };
    this.capacity = cluster.metricACUUtilization({ period: Duration.minutes(5), statistic: 'avg' });
    this.app = { resourceArn, databaseName, secretArn: appSecret.secretArn };

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
