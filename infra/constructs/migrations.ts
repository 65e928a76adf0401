import { CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { schema } from '../../functions/database/schema.ts';
import type { Settings } from '../settings.ts';
import type { Database } from './database.ts';
import { allowReading, allowStatements, allowTransactions } from './database-login.ts';
import { ServiceFunction } from './function.ts';

/** The SQL files, at the same relative paths as in the source. */
const sqlFiles = Object.fromEntries(
  [...schema.parts, ...schema.migrations]
    .filter(({ name }) => name.endsWith('.sql'))
    .map(({ name }) => [`functions/${name}`, name]),
);

export interface MigrationsProps {
  readonly settings: Settings;
  readonly database: Database;
}

/** Migrates the database during a deployment, whenever migrations, their code or their settings have changed. */
export class Migrations extends Construct {
  readonly #trigger: Trigger;

  constructor(scope: Construct, id: string, { settings, database }: MigrationsProps) {
    super(scope, id);
    const migrate = new ServiceFunction(this, 'migrate', {
      settings,
      entry: 'functions/database/migrate.ts',
      timeout: Duration.minutes(15),
      environment: { APP_SECRET_ARN: database.app.secretArn, TRADING_TIME_ZONE: settings.trading_time_zone },
      files: sqlFiles,
    });
    allowStatements(migrate, database.master);
    allowTransactions(migrate, database.master);
    allowReading(migrate, database.app);

    // Less than the timeout of the function itself, so that its result arrives. The default is 2 minutes.
    this.#trigger = new Trigger(this, 'Trigger', { handler: migrate, timeout: Duration.minutes(14) });
    this.#limitTriggerLog(settings);
  }

  /** Deploys functions after the migrations. */
  runBefore(...functions: Construct[]): void {
    this.#trigger.executeBefore(...functions);
  }

  /** Sets the log retention of the function that CDK creates for triggers, which is unlimited by default. */
  #limitTriggerLog({ log_retention_days }: Settings): void {
    const handler = Stack.of(this)
      .node.findChild('AWSCDK.TriggerCustomResourceProviderCustomResourceProvider')
      .node.findChild('Handler');
    if (!CfnResource.isCfnResource(handler))
      throw new Error('the function of the triggers was not found where CDK used to create it');
    const log = new LogGroup(this, 'TriggerLog', {
      retention: log_retention_days,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    handler.addPropertyOverride('LoggingConfig.LogGroup', log.logGroupName);
  }
}
