import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { serviceName } from './function.ts';
import type { Schedule } from './schedule.ts';

export interface AlarmsProps {
  readonly stage: string;
  readonly email: string;
  readonly schedules: readonly Schedule[];
  readonly mailsDaily: boolean;
  readonly serverErrors: IMetric;
  readonly databaseCapacity: IMetric;
}

interface AlarmDefinition {
  readonly id: string;
  /** Who is hurt, and how. */
  readonly impact: string;
  /** The heading of its article in docs/operating.md, as a link has it. */
  readonly article: string;
  readonly metric: IMetric;
  /** It alarms at so many and more, or below. */
  readonly atLeast?: number;
  readonly below?: number;
  readonly periods?: number;
}

/** A mail to whoever looks after the service: for every way in which somebody is hurt, with its article in the runbook. */
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
        // What should be there and is not is what such an alarm is for.
        treatMissingData: below === undefined ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
      });
      alarm.addAlarmAction(action);
    }
  }

  #topic(email: string): Topic {
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    topic.addSubscription(new EmailSubscription(email));
    // A topic with a policy of its own loses the default one, by which alarms may publish.
    topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    return topic;
  }
}

/** A run a day, and some hours for its repeats: five periods of six hours. */
const QUARTER_DAYS = 5;

function definitionsOf(props: AlarmsProps): AlarmDefinition[] {
  const { stage, schedules, mailsDaily, serverErrors, databaseCapacity } = props;
  const counted = (metricName: string) =>
    new Metric({
      namespace: 'StrategySnapshots',
      metricName,
      dimensionsMap: { service: serviceName(stage) },
      statistic: 'sum',
      period: Duration.hours(6),
    });
  return [
    ...schedules.map(({ node, failures, impact }) => ({
      id: node.id,
      impact,
      article: 'a-scheduled-run-was-given-up',
      metric: failures.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'max' }),
      atLeast: 1,
    })),
    {
      id: 'NightlyRunMissing',
      impact: 'No night has been summarised for more than a day: whoever reads comparison or report sees old figures.',
      article: 'the-night-did-not-run',
      metric: counted('NightlyRuns'),
      below: 1,
      periods: QUARTER_DAYS,
    },
    ...(mailsDaily
      ? [
          {
            id: 'DailyReportMissing',
            impact: 'No daily report has reached all of its recipients for more than a day.',
            article: 'the-report-was-not-sent',
            metric: counted('DailyReports'),
            below: 1,
            periods: QUARTER_DAYS,
          },
        ]
      : []),
    {
      id: 'ServerErrors',
      impact: 'The bot’s calls fail: its records wait on its side until they are answered.',
      article: 'the-api-answers-with-errors',
      metric: serverErrors,
      // A bot that sends every half hour tries a few times an hour; one answer may be of a database that wakes up.
      atLeast: 3,
    },
    {
      id: 'PoorlyLinkedBots',
      impact: 'Under 90 % of a bot’s orders are linked: its strategies are told apart by time alone.',
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
      impact: 'A bot trades with other settings than its snapshot says: the comparison compares something else.',
      article: 'a-bot-trades-with-other-settings',
      metric: counted('DriftingBots'),
      atLeast: 1,
    },
    {
      id: 'WaitingDays',
      impact: 'Days are missing or not up to date after the night’s run: whoever reads them sees old figures.',
      article: 'days-wait',
      metric: counted('WaitingDays'),
      atLeast: 1,
    },
    {
      id: 'DatabaseCapacity',
      impact: 'The database is at its limit: the bot’s calls and the reports become slow, and then fail.',
      article: 'the-database-is-at-its-limit',
      metric: databaseCapacity,
      atLeast: 90,
      periods: 3,
    },
  ];
}
