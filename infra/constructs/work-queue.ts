import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueueDefinition } from '../../functions/queues.ts';
import { deadLetters } from './given-up.ts';

export interface WorkQueueProps {
  readonly name: string;
  readonly definition: QueueDefinition;
  /** The function that empties the queue. */
  readonly run: LambdaFunction;
  /** Most invocations that the function may have at once, by its settings; null: no limit. */
  readonly reservedConcurrency: number | null;
}

/** A queue of work that a function empties, a few batches at a time. Messages that fail are delivered again, alone, and finally kept as dead
 *  letters. */
export class WorkQueue extends Construct {
  readonly run: LambdaFunction;
  readonly impact: string;
  /** The dead-letter queue: messages that were given up. */
  readonly failures: Queue;
  readonly #queue: Queue;
  readonly #variable: string;

  constructor(scope: Construct, id: string, { name, definition, run, reservedConcurrency }: WorkQueueProps) {
    super(scope, id);
    const { variable, batch, atOnce, attempts, impact } = definition;
    this.run = run;
    this.#variable = variable;
    this.impact = impact;
    this.failures = deadLetters(this, `${name}-failures`);
    this.#queue = new Queue(this, 'Queue', {
      queueName: name,
      // Longer than an invocation can take: a message is not delivered again while it is worked on.
      visibilityTimeout: Duration.minutes(15),
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      deadLetterQueue: { queue: this.failures, maxReceiveCount: attempts },
    });
    // `SqsEventSource` would grant more than Lambda uses.
    new EventSourceMapping(this, 'Mapping', {
      target: run,
      eventSourceArn: this.#queue.queueArn,
      batchSize: batch,
      // A batch of more than ten needs a window. It is the longest wait for more messages.
      maxBatchingWindow: Duration.seconds(1),
      // Otherwise, SQS would deliver more than the function may run, and count what it cannot run as attempts.
      maxConcurrency: Math.min(atOnce, reservedConcurrency ?? atOnce),
      reportBatchItemFailures: true,
    });
    run.addToRolePolicy(
      new PolicyStatement({
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        resources: [this.#queue.queueArn],
      }),
    );
  }

  /** Allows a function to fill the queue, whose address it gets as a variable. */
  allowSending(run: LambdaFunction): void {
    run.addEnvironment(this.#variable, this.#queue.queueUrl);
    run.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.#queue.queueArn] }));
  }
}
