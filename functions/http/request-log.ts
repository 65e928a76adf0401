import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logger } from '../runtime/runtime.ts';

const begun = new WeakMap<object, number>();
const named = new WeakMap<object, readonly string[]>();

/** So many bots of one request are named in its line. */
const MOST_BOTS = 5;

/** Remembers for a request's line which bots its query or its body is about. */
export function noteBots(event: APIGatewayProxyEventV2, { query, body }: { query: unknown; body: unknown }): void {
  const bots = [query, ...(Array.isArray(body) ? body : [body])].flatMap((part) =>
    typeof part === 'object' && part !== null && 'bot_id' in part && typeof part.bot_id === 'string'
      ? [part.bot_id]
      : [],
  );
  named.set(event, [...new Set(bots)].slice(0, MOST_BOTS));
}

/** One line a request: which operation, for which bots, how long, and how it ended. No settings, no P&L. */
export function requestLog(
  operationOf: (event: APIGatewayProxyEventV2) => string,
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return {
    before: ({ event }) => {
      begun.set(event, performance.now());
    },
    after: ({ event, context, response }) => {
      logger.info('request', {
        request_id: context.awsRequestId,
        operation: operationOf(event),
        bots: named.get(event),
        status: response?.statusCode,
        duration_ms: Math.round(performance.now() - (begun.get(event) ?? 0)),
      });
    },
  };
}
