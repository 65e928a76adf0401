import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { serviceName } from './function.ts';

/** A count that the functions of a stage publish. */
export const countOf = (stage: string, metricName: string, period: Duration): Metric =>
  new Metric({
    namespace: 'StrategySnapshots',
    metricName,
    dimensionsMap: { service: serviceName(stage) },
    statistic: 'sum',
    period,
  });
