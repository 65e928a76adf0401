import { Stack, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { cronDay, type ScheduleTime } from '../../functions/schedules.ts';
import { givenUpBy, maxEventAge } from './given-up.ts';

export interface ScheduleProps {
  /** In the account, so that a runbook can say it. */
  readonly name: string;
  readonly run: LambdaFunction;
  /** In the time zone `timeZone`. */
  readonly at: ScheduleTime;
  /** An IANA name. */
  readonly timeZone: string;
  /** The consequence for users when a run was given up, for the alarm. */
  readonly impact: string;
}

/**
 * Runs a function every hour, every day or every week. The id of the construct is the schedule name in the event.
 *
 * EventBridge Scheduler invokes Lambda asynchronously: Scheduler's retries do not cover errors of the function, and Lambda's do not
 * cover events that never arrived. So both have retries, and share one dead-letter queue.
 */
export class Schedule extends Construct {
  readonly run: LambdaFunction;
  readonly impact: string;
  /** The dead-letter queue: events of runs that were given up. */
  readonly failures: Queue;

  constructor(scope: Construct, id: string, { name, run, at, timeZone, impact }: ScheduleProps) {
    super(scope, id);
    this.run = run;
    this.impact = impact;
    this.failures = givenUpBy(this, run);

    new scheduler.Schedule(this, 'Schedule', {
      scheduleName: name,
      schedule: scheduler.ScheduleExpression.cron({
        hour: String(at.hour ?? '*'),
        minute: String(at.minute),
        ...(at.weekday && { weekDay: cronDay(at.weekday) }),
        timeZone: TimeZone.of(timeZone),
      }),
      timeWindow: scheduler.TimeWindow.off(),
      target: new LambdaInvoke(run, {
        input: scheduler.ScheduleTargetInput.fromObject({ schedule: id, at: scheduler.ContextAttribute.scheduledTime }),
        role: this.#role().withoutPolicyUpdates(),
        retryAttempts: 20,
        maxEventAge,
        deadLetterQueue: this.failures,
      }),
    });
  }

  #role(): Role {
    const stack = Stack.of(this);
    const schedules = stack.formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: 'default' });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': schedules } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.run.functionArn] }));
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.failures.queueArn] }));
    return role;
  }
}
