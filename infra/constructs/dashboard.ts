import { Duration } from 'aws-cdk-lib';
import { Dashboard as CloudWatchDashboard, GraphWidget, type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { serviceName } from './function.ts';
import { countOf } from './metrics.ts';

export interface DashboardProps {
  readonly stage: string;
  /** The id of the HTTP API. */
  readonly apiId: string;
  readonly databaseCapacity: IMetric;
}

const HEIGHT = 6;
const WIDTH = 8;

/** How a stage is doing, on one screen: calls, errors, speed, the database, nights, reports, and bots that need attention. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { stage, apiId, databaseCapacity }: DashboardProps) {
    super(scope, id);
    const api = (metricName: string, statistic: string) =>
      new Metric({
        namespace: 'AWS/ApiGateway',
        metricName,
        dimensionsMap: { ApiId: apiId },
        statistic,
        period: Duration.minutes(5),
      });
    const daily = (name: string) => countOf(stage, name, Duration.days(1));
    const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, height: HEIGHT, width: WIDTH });
    new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: serviceName(stage),
      defaultInterval: Duration.days(7),
      widgets: [
        [
          graph('Requests', [api('Count', 'sum')]),
          graph('Errors of callers and of the service', [api('4xx', 'sum'), api('5xx', 'sum')]),
          graph('Latency, p95, ms', [api('Latency', 'p95')]),
        ],
        [
          graph('Database, % of the largest capacity', [databaseCapacity]),
          graph('Nights and days that wait', [daily('NightlyRuns'), daily('WaitingDays')]),
          graph('Reports that reached everyone; bounces and complaints of mails', [
            daily('DailyReports'),
            daily('WeeklyReviews'),
            daily('Bounces'),
            daily('Complaints'),
          ]),
        ],
        [
          graph('Bots that link few orders', [daily('PoorlyLinkedBots')]),
          graph('Bots without a fill', [daily('SilentBots')]),
          graph('Bots with other settings than their snapshot, or with records refused', [
            daily('DriftingBots'),
            daily('LosingBots'),
          ]),
        ],
      ],
    });
  }
}
