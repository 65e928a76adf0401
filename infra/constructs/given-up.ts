import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Time for retries by whoever sends events, and by Lambda. It can be long: what the functions do is idempotent, and catches up. */
export const maxEventAge = Duration.hours(6);

/** Adds a dead-letter queue, which keeps what was given up for two weeks. */
export function deadLetters(scope: Construct, queueName?: string): Queue {
  const queue = new Queue(scope, 'Failures', {
    ...(queueName !== undefined && { queueName }),
    retentionPeriod: Duration.days(14),
    enforceSSL: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  Validations.of(queue).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is a dead-letter queue itself.' });
  return queue;
}

/** Adds a dead-letter queue for events that a function could not handle. Lambda's own retries cover errors of the function; those of the
 *  sender have to be given the same queue. */
export function givenUpBy(scope: Construct, run: LambdaFunction): Queue {
  const queue = deadLetters(scope);
  run.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge,
    // aws-lambda-destinations would also allow reading the queue's attributes.
    onFailure: { bind: () => ({ destination: queue.queueArn }) },
  });
  run.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
  return queue;
}
