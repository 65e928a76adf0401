import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Capability } from '../functions/contract/operation.ts';
import type { ScheduleDefinition } from '../functions/schedules.ts';
import { lambdaContext } from './context.ts';

type Handler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/** The deployed functions, unchanged. Each reads its environment when it is loaded: set that first. */
export async function apiFunction(capability: Capability) {
  const { handler } = (await import(`../functions/${capability}/handler.ts`)) as {
    handler: Handler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;
  };
  return (event: APIGatewayProxyEventV2) => handler(event, lambdaContext(29_000));
}

/** Options of a manual run: another trading day, and whether to mail again. */
export interface ByHand {
  readonly date?: string | undefined;
  readonly resend?: boolean | undefined;
}

/** Fires a schedule as EventBridge Scheduler would have at that time. */
export async function fire({ name, entry }: ScheduleDefinition, at: string, byHand: ByHand = {}): Promise<object> {
  const { handler } = (await import(/* @vite-ignore */ `../${entry}`)) as { handler: Handler<object, object> };
  return handler({ schedule: name, at, ...byHand }, lambdaContext(14 * 60_000));
}
