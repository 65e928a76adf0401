import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import type { Operation } from '../contract/operation.ts';
import { NotFound } from '../errors.ts';
import { type Runtime, runtimeUntil } from '../runtime/runtime.ts';
import { problems } from './problem.ts';
import { type Input, inputOf } from './request.ts';
import { noteBots, requestLog } from './request-log.ts';

type Result = APIGatewayProxyStructuredResultV2;

/** One operation of a Lambda. */
export interface Endpoint {
  readonly operation: Operation;
  readonly answer: (event: APIGatewayProxyEventV2, runtime: Runtime, requestId: string) => Promise<Result>;
}

/** An operation, the sentence that fulfils it, and how its result is shown: as JSON with 200 where nothing else is said. */
export function endpoint<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Fulfilled>(
  operation: Operation<Path, Query, Body>,
  fulfil: (
    input: Input<z.output<Path>, z.output<Query>, z.output<Body>>,
    runtime: Runtime,
  ) => Fulfilled | Promise<Fulfilled>,
  show: (result: Fulfilled) => Result = json,
): Endpoint {
  return {
    operation,
    answer: async (event, runtime, requestId) => {
      const input = inputOf(operation, event, requestId);
      noteBots(event, input);
      return show(await fulfil(input, runtime));
    },
  };
}

/** A JSON answer. */
export function json(body: unknown, statusCode = 200): Result {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Inside API Gateway's 30 s: what the database has not answered by then is a 503 that says when to come back. */
const PATIENCE_MS = 24_000;

/** The endpoints of a capability as its Lambda. `otherwise` answers what no route of theirs takes. */
export function serve(
  endpoints: readonly Endpoint[],
  otherwise: (event: APIGatewayProxyEventV2) => Result = unknownRoute,
) {
  const byRoute = new Map(endpoints.map((each) => [`${each.operation.method} ${each.operation.path}`, each]));
  return middy<APIGatewayProxyEventV2, Result>()
    .use(requestLog(({ routeKey }) => byRoute.get(routeKey)?.operation.id ?? routeKey))
    .use(problems)
    .handler(async (event, { awsRequestId }) => {
      const route = byRoute.get(event.routeKey);
      return route
        ? route.answer(event, runtimeUntil(AbortSignal.timeout(PATIENCE_MS)), awsRequestId)
        : otherwise(event);
    });
}

function unknownRoute({ routeKey }: APIGatewayProxyEventV2): never {
  throw new NotFound(`nothing answers ${routeKey}`);
}
