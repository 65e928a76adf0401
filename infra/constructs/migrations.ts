import { CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { schema } from '../../functions/database/schema.ts';
import type { Settings } from '../settings.ts';
import type { Database } from './database.ts';
import { allowReading, allowStatements, allowTransactions } from './database-login.ts';
import { ServiceFunction } from './function.ts';

/** Next to the bundle as next to the source. */
const sqlFiles = Object.fromEntries(
  [...schema.parts, ...schema.migrations]
    .filter(({ name }) => name.endsWith('.sql'))
    .map(({ name }) => [`functions/${name}`, name]),
);

export interface MigrationsProps {
  readonly settings: Settings;
  readonly database: Database;
}

/** Brings the database up to date during a deployment, whenever a migration, its code or its settings changed. */
export class Migrations extends Construct {
  readonly #trigger: Trigger;

  constructor(scope: Construct, id: string, { settings, database }: MigrationsProps) {
    super(scope, id);
    const migrate = new ServiceFunction(this, 'migrate', {
      settings,
      entry: 'functions/database/migrate.ts',
      timeout: Duration.minutes(15),
      environment: { APP_SECRET_ARN: database.app.secretArn, TRADING_TIME_ZONE: settings.trading_time_zone },
      beside: sqlFiles,
    });
    allowStatements(migrate, database.master);
    allowTransactions(migrate, database.master);
    allowReading(migrate, database.app);

    // Less than the migrator's own time, so that its answer arrives. The default is 2 minutes.
    this.#trigger = new Trigger(this, 'Trigger', { handler: migrate, timeout: Duration.minutes(14) });
    this.#keepTheTriggersLog(settings);
  }

  /** A function that is changed by the same deployment changes after the migrations. */
  runBefore(...functions: Construct[]): void {
    this.#trigger.executeBefore(...functions);
  }

  /** CDK makes the function behind all of a stack's triggers, and lets it log without an end. */
  #keepTheTriggersLog({ log_retention_days }: Settings): void {
    const handler = Stack.of(this)
      .node.findChild('AWSCDK.TriggerCustomResourceProviderCustomResourceProvider')
      .node.findChild('Handler');
    if (!CfnResource.isCfnResource(handler)) throw new Error('the function behind triggers has moved');
    const log = new LogGroup(this, 'TriggerLog', {
      retention: log_retention_days,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    handler.addPropertyOverride('LoggingConfig.LogGroup', log.logGroupName);
  }
}
