import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import type { Capability } from '../functions/contract/operation.ts';
import type { QueueDefinition } from '../functions/queues.ts';
import type { ScheduleDefinition } from '../functions/schedules.ts';
import { lambdaContext } from './context.ts';
import { type RunningQueues, startQueues } from './queue.ts';

/** Time limit of functions that nobody waits for, in milliseconds. */
const UNATTENDED_MS = 14 * 60_000;

type Handler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/** The deployed functions, unchanged. Each reads its environment when it is loaded: set that first. */
export async function apiFunction(capability: Capability) {
  const { handler } = (await import(`../functions/${capability}/handler.ts`)) as {
    handler: Handler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;
  };
  return (event: APIGatewayProxyEventV2) => handler(event, lambdaContext(29_000));
}

/** Options of a manual run: one kind of reports, another trading day, and whether to mail again. */
export interface ByHand {
  readonly kind?: 'daily' | 'weekly' | undefined;
  readonly date?: string | undefined;
  readonly resend?: boolean | undefined;
}

/** Starts queues that deliver to their deployed functions. */
export const startFunctionQueues = (definitions: readonly QueueDefinition[]): Promise<RunningQueues> =>
  startQueues(
    definitions.map((definition) => ({
      definition,
      deliver: async (event) => {
        const { handler } = (await import(/* @vite-ignore */ `../${definition.entry}`)) as {
          handler: Handler<SQSEvent, SQSBatchResponse>;
        };
        return handler(event, lambdaContext(UNATTENDED_MS));
      },
    })),
  );

/** Fires a schedule at a time; resolves when all of its work is done. */
export type Fire = (schedule: ScheduleDefinition, at: string, byHand?: ByHand) => Promise<object>;

/** Fires schedules whose work goes through queues. @throws Error when a message of them was given up */
export const firingInto =
  ({ drained }: RunningQueues): Fire =>
  async (...fired) => {
    const result = await fire(...fired);
    await drained();
    return result;
  };

/** Fires a schedule as EventBridge Scheduler would have at that time. */
async function fire({ name, entry }: ScheduleDefinition, at: string, byHand: ByHand = {}): Promise<object> {
  const { handler } = (await import(/* @vite-ignore */ `../${entry}`)) as { handler: Handler<object, object> };
  return handler({ schedule: name, at, ...byHand }, lambdaContext(UNATTENDED_MS));
}
