import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import { refuseOtherBots } from '../access/access.ts';
import type { Operation } from '../contract/operation.ts';
import { NotFound } from '../errors.ts';
import { type Runtime, runtimeUntil } from '../runtime/runtime.ts';
import { withEtag } from './etag.ts';
import { problems } from './problem.ts';
import { type Input, inputOf } from './request.ts';
import { noteBots, requestLog } from './request-log.ts';

type Result = APIGatewayProxyStructuredResultV2;

/** One operation of a Lambda. */
export interface Endpoint {
  readonly operation: Operation;
  readonly answer: (event: APIGatewayProxyEventV2, runtime: Runtime, requestId: string) => Promise<Result>;
}

/** Binds an operation to the function that runs it, and to the response made of its output: by default JSON with status 200. */
export function endpoint<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Output>(
  operation: Operation<Path, Query, Body>,
  run: (input: Input<z.output<Path>, z.output<Query>, z.output<Body>>, runtime: Runtime) => Output | Promise<Output>,
  respond: (output: Output) => Result = json,
): Endpoint {
  return {
    operation,
    answer: async (event, runtime, requestId) => {
      const input = inputOf(operation, event, requestId);
      noteBots(event, input);
      await refuseOtherBots(runtime.database, operation, input, input.bots);
      return withEtag(respond(await run(input, runtime)), event);
    },
  };
}

/** A JSON response. */
export function json(body: unknown, statusCode = 200): Result {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Time limit for the database, in milliseconds, within API Gateway's 30 s. After it the response is a 503 with Retry-After. */
const DATABASE_TIMEOUT_MS = 24_000;

/** Creates the Lambda handler of a capability from its endpoints. `otherwise` handles requests that match no route. */
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
        ? route.answer(event, runtimeUntil(AbortSignal.timeout(DATABASE_TIMEOUT_MS)), awsRequestId)
        : otherwise(event);
    });
}

function unknownRoute({ routeKey }: APIGatewayProxyEventV2): never {
  throw new NotFound(`no operation for ${routeKey}`);
}
