import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import {
  AllRejected,
  Conflict,
  DatabaseUnavailable,
  Forbidden,
  InvalidInput,
  KeyReused,
  MethodNotAllowed,
  NotFound,
  publicRejection,
  TooLarge,
  UnsupportedMediaType,
} from '../errors.ts';
import { logger } from '../runtime/runtime.ts';

/** Turns errors of an endpoint into problem responses, and logs those that are the service's fault. */
export const problems: MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> = {
  onError: (request) => {
    request.response = problemOf(request.error);
    if ((request.response.statusCode ?? 500) >= 500) {
      logger.error('request failed', { request_id: request.context.awsRequestId, error: request.error as Error });
    }
  },
};

/** Maps errors of the domain to HTTP statuses. Any other error is the service's fault: a 500 that reveals no internals. */
export function problemOf(error: unknown): APIGatewayProxyStructuredResultV2 {
  if (error instanceof InvalidInput) return problem(400, error.message, { errors: error.issues });
  if (error instanceof AllRejected) {
    const errors = error.rejected.flatMap(({ index, reason, issues = [{ path: '', message: reason }] }) =>
      issues.map(({ path, message }) => ({ path: `/${index}${path}`, message })),
    );
    return problem(400, error.message, { errors, rejected: error.rejected.map(publicRejection) });
  }
  if (error instanceof Forbidden) return problem(403, error.message);
  if (error instanceof NotFound) return problem(404, error.message);
  if (error instanceof MethodNotAllowed) return problem(405, error.message, {}, { allow: error.allowed.join(', ') });
  if (error instanceof Conflict) return problem(409, error.message);
  if (error instanceof TooLarge) return problem(413, error.message);
  if (error instanceof UnsupportedMediaType) return problem(415, error.message);
  if (error instanceof KeyReused) return problem(422, error.message);
  if (error instanceof DatabaseUnavailable) return problem(503, error.message, {}, { 'retry-after': '20' });
  return problem(500, 'the service failed; the log has the reason under this request id');
}

/** Titles as in `STATUS_CODES` of `node:http`. Importing that loads `fetch` too, a fifth of a cold start. */
const titles = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

function problem(
  status: keyof typeof titles,
  detail: string,
  more: object = {},
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ type: 'about:blank', title: titles[status], status, detail, ...more }),
  };
}
