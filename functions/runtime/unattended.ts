import type { Context } from 'aws-lambda';
import { logger, type Runtime, runtimeUntil } from './runtime.ts';

/** Time reserved at the end of an invocation, in milliseconds: no further step begins in it, and the database is given up half way through it. */
const RESERVE_MS = 60_000;

/** What an invocation is about, for its log line. */
export interface Subject {
  readonly name: string;
  readonly fields?: object;
  /** Of an invocation too short for the usual reserve. */
  readonly reserveMs?: number;
}

/** Runs an invocation that nobody waits for, and logs its outcome in one line. What it throws makes Lambda try again.
 *  @param shown the fields of the log line that follow from the result */
export async function unattended<Result>(
  context: Context,
  { name, fields = {}, reserveMs = RESERVE_MS }: Subject,
  work: (runtime: Runtime, mayContinue: () => boolean) => Promise<Result>,
  shown: (result: Result) => object,
): Promise<Result> {
  const began = performance.now();
  const log = (outcome: string, more: object) =>
    logger.info(name, {
      request_id: context.awsRequestId,
      ...fields,
      outcome,
      duration_ms: Math.round(performance.now() - began),
      ...more,
    });
  const remaining = () => context.getRemainingTimeInMillis();
  try {
    const runtime = runtimeUntil(AbortSignal.timeout(Math.max(1, remaining() - reserveMs / 2)));
    const result = await work(runtime, () => remaining() > reserveMs);
    log('succeeded', shown(result));
    return result;
  } catch (error) {
    log('failed', { error });
    throw error;
  }
}
