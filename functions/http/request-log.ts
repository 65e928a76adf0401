import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logger } from '../runtime/runtime.ts';

/** One line a request: which operation, for which bot, how long, and how it ended. No settings, no P&L. */
export function requestLog(
  operationOf: (event: APIGatewayProxyEventV2) => string,
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  const begun = new WeakMap<object, number>();
  return {
    before: ({ event }) => {
      begun.set(event, performance.now());
    },
    after: ({ event, context, response }) => {
      logger.info('request', {
        request_id: context.awsRequestId,
        operation: operationOf(event),
        bot_id: event.queryStringParameters?.bot_id,
        status: response?.statusCode,
        duration_ms: Math.round(performance.now() - (begun.get(event) ?? 0)),
      });
    },
  };
}
