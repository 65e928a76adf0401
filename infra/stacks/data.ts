import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Database } from '../constructs/database.ts';
import type { Settings } from '../settings.ts';

export interface DataStackProps {
  readonly settings: Settings;
}

/** What outlives the service: it can be thrown away and deployed again over the same data. */
export class DataStack extends Stack {
  readonly database: Database;

  constructor(scope: Construct, id: string, { settings }: DataStackProps) {
    super(scope, id, {
      stackName: `strategy-snapshots-${settings.stage}-data`,
      description: 'Strategy snapshots: the database',
      terminationProtection: settings.deletion_protection,
    });
    this.database = new Database(this, 'Database', { settings });
  }
}
