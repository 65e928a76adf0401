import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** Allows a function to read the secret with the addresses of channels, and nothing else. */
export function allowChannels(run: LambdaFunction, secretArn: string): void {
  run.addEnvironment('NOTIFY_SECRET_ARN', secretArn);
  run.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }));
}
