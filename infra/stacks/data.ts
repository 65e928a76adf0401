import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Database } from '../constructs/database.ts';
import type { Settings } from '../settings.ts';

export interface DataStackProps {
  readonly settings: Settings;
}

/** The stack with the data. The service stack can be deleted and deployed again on the same data. */
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
