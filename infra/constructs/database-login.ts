import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** A role of the database, as the Data API knows it: by the secret that holds its name and password. */
export interface DatabaseLogin {
  readonly resourceArn: string;
  readonly databaseName: string;
  readonly secretArn: string;
}

/**
 * Lets a function run statements, each a transaction of its own. The Data API reads the secret with the rights of
 * its caller. `DatabaseCluster.grantDataApiAccess` would allow more than that.
 */
export function allowStatements(run: LambdaFunction, login: DatabaseLogin): void {
  run.addEnvironment('DATABASE_RESOURCE_ARN', login.resourceArn);
  run.addEnvironment('DATABASE_SECRET_ARN', login.secretArn);
  run.addEnvironment('DATABASE_NAME', login.databaseName);
  allow(run, ['rds-data:ExecuteStatement'], login.resourceArn);
  allowReading(run, login);
}

/** Lets a function hold a transaction open across statements. */
export function allowTransactions(run: LambdaFunction, login: DatabaseLogin): void {
  allow(
    run,
    ['rds-data:BeginTransaction', 'rds-data:CommitTransaction', 'rds-data:RollbackTransaction'],
    login.resourceArn,
  );
}

export function allowReading(run: LambdaFunction, login: DatabaseLogin): void {
  allow(run, ['secretsmanager:GetSecretValue'], login.secretArn);
}

function allow(run: LambdaFunction, actions: string[], resource: string): void {
  run.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }));
}
