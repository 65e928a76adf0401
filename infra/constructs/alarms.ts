import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { thresholds } from '../../functions/thresholds.ts';
import type { MailEvents } from './mail-events.ts';
import { countOf } from './metrics.ts';
import type { Schedule } from './schedule.ts';
import type { WorkQueue } from './work-queue.ts';

/** What runs unattended, and keeps what it gave up in a queue. */
export type Job = Schedule | WorkQueue | MailEvents;

export interface AlarmsProps {
  readonly stage: string;
  /** Who gets a mail; null: nobody, and the alarms are only in the console. */
  readonly email: string | null;
  readonly jobs: readonly Job[];
  readonly mailsDaily: boolean;
  /** Whether reports are mailed. */
  readonly mails: boolean;
  /** Whether reports go to channels. */
  readonly notifies: boolean;
  readonly serverErrors: IMetric;
  readonly databaseCapacity: IMetric;
}

interface AlarmDefinition {
  readonly id: string;
  /** Which users are affected, and how. */
  readonly impact: string;
  /** The anchor of its article in docs/operating.md. */
  readonly article: string;
  readonly metric: IMetric;
  /** The threshold: the alarm goes off at this value and above, or below it. */
  readonly atLeast?: number;
  readonly below?: number;
  readonly periods?: number;
}

/** Alarms, in every deployment, for every situation in which users are affected, each with an article in the runbook. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(this.#topic(props.email));
    for (const { id, impact, article, metric, atLeast, below, periods = 1 } of definitionsOf(props)) {
      const alarm = new Alarm(this, id, {
        alarmDescription: `${impact} What to do: docs/operating.md#${article}`,
        metric,
        threshold: atLeast ?? below ?? 0,
        comparisonOperator:
          below === undefined
            ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
            : ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: periods,
        // For lower thresholds, missing data is exactly what the alarm should detect.
        treatMissingData: below === undefined ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
      });
      alarm.addAlarmAction(action);
    }
  }

  #topic(email: string | null): Topic {
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    if (email !== null) topic.addSubscription(new EmailSubscription(email));
    // A topic with its own policy loses the default one, which allows alarms to publish.
    topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    return topic;
  }
}

/** Periods of six hours that cover a daily run and its retries. */
const QUARTER_DAYS = 5;

function definitionsOf(props: AlarmsProps): AlarmDefinition[] {
  const { stage, jobs, mailsDaily, mails, notifies, serverErrors, databaseCapacity } = props;
  const counted = (name: string) => countOf(stage, name, Duration.hours(6));
  /** Runs that must happen every day. A deployment counts as one, so that the alarm waits until the first run is due: one that goes off
   *  before anyone has confirmed its mail would say nothing more. */
  const daily = (name: string) =>
    new MathExpression({
      expression: 'FILL(runs, 0) + FILL(deployments, 0)',
      usingMetrics: { runs: counted(name), deployments: counted('Deployments') },
      label: `${name} or deployments`,
      period: Duration.hours(6),
    });
  return [
    ...jobs.map(({ node, failures, impact }) => ({
      id: node.id,
      impact,
      article: 'a-scheduled-run-was-given-up',
      metric: failures.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'max' }),
      atLeast: 1,
    })),
    {
      id: 'NightlyRunMissing',
      impact: 'No nightly run has succeeded for more than a day: comparison and report show old figures.',
      article: 'the-night-did-not-run',
      metric: daily('NightlyRuns'),
      below: 1,
      periods: QUARTER_DAYS,
    },
    ...(mailsDaily
      ? [
          {
            id: 'DailyReportMissing',
            impact: 'No daily report has reached all of its recipients for more than a day.',
            article: 'the-report-was-not-sent',
            metric: daily('DailyReports'),
            below: 1,
            periods: QUARTER_DAYS,
          },
        ]
      : []),
    ...(mails
      ? [
          {
            id: 'BlockedRecipients',
            impact: 'The mail address of a recipient bounced or complained: it gets no reports any more.',
            article: 'a-recipient-bounced-or-complained',
            metric: counted('BlockedRecipients'),
            atLeast: 1,
          },
          {
            id: 'OverdueMailings',
            impact: 'Recipients that a bot has of its own have not got its report hours after it was due.',
            article: 'recipients-of-a-bot-got-no-report',
            metric: counted('OverdueMailings'),
            atLeast: 1,
          },
        ]
      : []),
    ...(notifies
      ? [
          {
            id: 'UnservedChannels',
            impact: 'A channel (Telegram, Discord, Slack or a webhook) did not get the report, or may not have.',
            article: 'a-channel-did-not-get-the-report',
            metric: counted('UnservedChannels'),
            atLeast: 1,
          },
        ]
      : []),
    {
      id: 'ServerErrors',
      impact: 'Calls of bots fail: their records wait on their side until the API accepts them.',
      article: 'the-api-answers-with-errors',
      metric: serverErrors,
      // A bot that sends every half hour makes a few attempts per hour, and one may fail while the database resumes.
      atLeast: 3,
    },
    {
      id: 'PoorlyLinkedBots',
      impact: `Under ${thresholds.poorly_linked.link_rate} % of a bot’s orders are linked: the others are attributed to strategies by time alone.`,
      article: 'orders-are-not-linked',
      metric: counted('PoorlyLinkedBots'),
      atLeast: 1,
    },
    {
      id: 'SilentBots',
      impact: 'A bot with an active snapshot has sent no fill for a day: its trades may be missing from every figure.',
      article: 'a-bot-is-silent',
      metric: counted('SilentBots'),
      atLeast: 1,
    },
    {
      id: 'DriftingBots',
      impact: 'A bot trades with settings other than its snapshot’s: the comparison describes the wrong settings.',
      article: 'a-bot-trades-with-other-settings',
      metric: counted('DriftingBots'),
      atLeast: 1,
    },
    {
      id: 'LosingBots',
      impact:
        'Records of a bot are missing: the service refused them, or its outbox lost them. Figures lack their trades.',
      article: 'records-of-a-bot-are-missing',
      metric: counted('LosingBots'),
      atLeast: 1,
    },
    {
      id: 'WaitingDays',
      impact: 'Days are missing or out of date after the nightly run: their figures are old.',
      article: 'days-wait',
      metric: counted('WaitingDays'),
      atLeast: 1,
    },
    {
      id: 'DatabaseCapacity',
      impact: 'The database is at its limit: calls of bots and reports become slow, and then fail.',
      article: 'the-database-is-at-its-limit',
      metric: databaseCapacity,
      atLeast: 90,
      periods: 3,
    },
  ];
}
