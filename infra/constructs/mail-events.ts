import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ConfigurationSet, EmailSendingEvent, EventDestination } from 'aws-cdk-lib/aws-ses';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { givenUpBy, maxEventAge } from './given-up.ts';

export interface MailEventsProps {
  /** The name of the configuration set. */
  readonly name: string;
  readonly run: LambdaFunction;
}

/** The configuration set of SES that reports are mailed with, and a function that gets each bounce and complaint of them, through the default
 *  bus of EventBridge, the only one that SES knows. */
export class MailEvents extends Construct {
  readonly configurationSet: string;
  readonly run: LambdaFunction;
  readonly failures: Queue;
  readonly impact = 'A bounce or a complaint was not recorded: the address is mailed again.';

  constructor(scope: Construct, id: string, { name, run }: MailEventsProps) {
    super(scope, id);
    this.run = run;
    this.configurationSet = name;
    this.failures = givenUpBy(this, run);
    new ConfigurationSet(this, 'Set', { configurationSetName: name }).addEventDestination('Events', {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'Bus', 'default')),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT],
    });
    new Rule(this, 'Rule', {
      ruleName: `${name}-mail-events`,
      description: 'Bounces and complaints of the reports',
      eventPattern: {
        source: ['aws.ses'],
        detail: { eventType: ['Bounce', 'Complaint'], mail: { tags: { 'ses:configuration-set': [name] } } },
      },
      targets: [new LambdaTarget(run, { retryAttempts: 20, maxEventAge, deadLetterQueue: this.failures })],
    });
  }
}
