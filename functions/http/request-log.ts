import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logger } from '../runtime/runtime.ts';

const startTimes = new WeakMap<object, number>();
const botsByEvent = new WeakMap<object, readonly string[]>();

/** Most bots of a request that are logged. */
const MOST_BOTS = 5;

/** Remembers the bots of a request, found in its path, query or body, for its log line. */
export function noteBots(
  event: APIGatewayProxyEventV2,
  { path, query, body }: { path: unknown; query: unknown; body: unknown },
): void {
  const bots = [path, query, ...(Array.isArray(body) ? body : [body])].flatMap((part) =>
    typeof part === 'object' && part !== null && 'bot_id' in part && typeof part.bot_id === 'string'
      ? [part.bot_id]
      : [],
  );
  botsByEvent.set(event, [...new Set(bots)].slice(0, MOST_BOTS));
}

/** Logs one line per request: operation, bots, duration and status. Never settings or P&L. */
export function requestLog(
  operationOf: (event: APIGatewayProxyEventV2) => string,
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return {
    before: ({ event }) => {
      startTimes.set(event, performance.now());
    },
    after: ({ event, context, response }) => {
      logger.info('request', {
        request_id: context.awsRequestId,
        operation: operationOf(event),
        bots: botsByEvent.get(event),
        status: response?.statusCode,
        duration_ms: Math.round(performance.now() - (startTimes.get(event) ?? 0)),
      });
    },
  };
}
