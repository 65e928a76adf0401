import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Schedule } from './schedule.ts';

export interface FailureAlarmsProps {
  readonly email: string;
  readonly schedules: readonly Schedule[];
}

/** A mail when a scheduled run was given up, until somebody has taken its event off the queue. */
export class FailureAlarms extends Construct {
  constructor(scope: Construct, id: string, { email, schedules }: FailureAlarmsProps) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    topic.addSubscription(new EmailSubscription(email));
    // A topic with a policy of its own loses the default one, by which alarms may publish.
    topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );

    for (const { node, failures, impact } of schedules) {
      const alarm = new Alarm(this, node.id, {
        alarmDescription: impact,
        metric: failures.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'max' }),
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: 0,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(topic));
    }
  }
}
