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

/** Aurora PostgreSQL behind the RDS Data API, which is the only way in: nothing else shares its network. */
export class Database extends Construct {
  /** Owns the schema; the migrations log in with it and nothing else does. */
  readonly master: DatabaseLogin;
  /** The role of every other function. The migrations give it its password and its rights. */
  readonly app: DatabaseLogin;
  /** Percent of max_capacity_acu, on average over five minutes. */
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
    if (cluster.secret === undefined) throw new Error('RDS was to manage the master secret');
    this.master = { resourceArn, databaseName, secretArn: cluster.secret.secretArn };
    this.capacity = cluster.metricACUUtilization({ period: Duration.minutes(5), statistic: 'avg' });
    this.app = { resourceArn, databaseName, secretArn: appSecret.secretArn };

    Validations.of(cluster).acknowledge({
      id: 'AwsSolutions-RDS6',
      reason: 'IAM authentication is for connections over the network. There are none: the Data API checks IAM itself.',
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

/** Aurora insists on subnets in two zones. They have no gateway, no endpoint and no inhabitant but the database. */
function isolatedNetwork(scope: Construct): Vpc {
  const vpc = new Vpc(scope, 'Network', {
    ipAddresses: IpAddresses.cidr('10.0.0.0/24'),
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Database', subnetType: SubnetType.PRIVATE_ISOLATED }],
    // Nothing joins the default group; emptying it would take a Lambda function of its own.
    restrictDefaultSecurityGroup: false,
  });
  Validations.of(vpc).acknowledge({
    id: 'AwsSolutions-VPC7',
    reason: 'There is no traffic to log: nothing can connect.',
  });
  return vpc;
}
