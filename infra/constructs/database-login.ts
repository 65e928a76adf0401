import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** A role of the database. The Data API identifies it by the secret with its name and password. */
export interface DatabaseLogin {
  readonly resourceArn: string;
  readonly databaseName: string;
  readonly secretArn: string;
}

/**
 * Allows a function to run statements, each in its own transaction. The Data API reads the secret with the permissions of its
 * caller. `DatabaseCluster.grantDataApiAccess` would grant more than that.
 */
export function allowStatements(run: LambdaFunction, login: DatabaseLogin): void {
  run.addEnvironment('DATABASE_RESOURCE_ARN', login.resourceArn);
  run.addEnvironment('DATABASE_SECRET_ARN', login.secretArn);
  run.addEnvironment('DATABASE_NAME', login.databaseName);
  allow(run, ['rds-data:ExecuteStatement'], login.resourceArn);
  allowReading(run, login);
}

/** Allows a function to run several statements in one transaction. */
export function allowTransactions(run: LambdaFunction, login: DatabaseLogin): void {
  allow(
    run,
    ['rds-data:BeginTransaction', 'rds-data:CommitTransaction', 'rds-data:RollbackTransaction'],
    login.resourceArn,
  );
}

/** Allows a function to read the secret of a login. */
export function allowReading(run: LambdaFunction, login: DatabaseLogin): void {
  allow(run, ['secretsmanager:GetSecretValue'], login.secretArn);
}

function allow(run: LambdaFunction, actions: string[], resource: string): void {
  run.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }));
}
