import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Operation } from '../../functions/contract/operation.ts';
import type { Settings } from '../settings.ts';

/** The HTTP API. Requests must be signed (AWS_IAM), except for public operations. */
export class Api extends Construct {
  readonly url: string;
  readonly apiId: string;
  /** Responses with status 500 and above, per hour. */
  readonly serverErrors: IMetric;
  readonly #http: HttpApi;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: Settings }) {
    super(scope, id);
    this.#http = new HttpApi(this, 'Http', {
      apiName: `strategy-snapshots-${settings.stage}`,
      createDefaultStage: false,
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: settings.log_retention_days,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#http.addStage('Stage', {
      autoDeploy: true,
      throttle: { rateLimit: settings.throttle_rate, burstLimit: settings.throttle_burst },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLogFormat },
    });
    this.url = this.#http.apiEndpoint;
    this.apiId = this.#http.apiId;
    this.serverErrors = this.#http.metricServerError({ period: Duration.hours(1), statistic: 'sum' });
  }

  /** Routes operations to the function that serves them. */
  route(operations: readonly Operation[], run: IFunction): void {
    const integration = new HttpLambdaIntegration(run.node.id, run);
    for (const { method, path, access } of operations) {
      const route = new HttpRoute(this, `${method} ${path}`, {
        httpApi: this.#http,
        routeKey: HttpRouteKey.with(path, HttpMethod[method]),
        integration,
        authorizer: access === 'public' ? new HttpNoneAuthorizer() : new HttpIamAuthorizer(),
      });
      if (access === 'public') {
        Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: 'The operation is public by contract.' });
      }
    }
  }

  /** Routes all other requests to a function, so that their errors have the same format. Signed like the rest. */
  routeUnmatched(run: IFunction): void {
    new HttpRoute(this, 'Unmatched', {
      httpApi: this.#http,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('unmatched', run),
      authorizer: new HttpIamAuthorizer(),
    });
  }
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    request_id: '$context.requestId',
    time: '$context.requestTime',
    route: '$context.routeKey',
    path: '$context.path',
    status: '$context.status',
    error: '$context.error.message',
    integration_error: '$context.integrationErrorMessage',
    latency_ms: '$context.responseLatency',
    response_bytes: '$context.responseLength',
    caller: '$context.identity.userArn',
    source_ip: '$context.identity.sourceIp',
  }),
);
