import timers from 'node:timers/promises';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import type { FaultSettings, Faults } from '@strategy-snapshots/rds-data-local';
import { afterAll, expect, vi } from 'vitest';
import type { Reply } from '../support/service.ts';
import { sizes } from './sizes.ts';

/** Faults of the Data API and of the network. */
const faultSettings = {
  resuming: { name: 'DatabaseResumingException' },
  throttled: { name: 'ThrottlingException' },
  failing: { name: 'InternalServerErrorException', message: 'from the inside of the Data API' },
  'cut off before it ran': { name: 'ConnectionReset' },
  'cut off after it ran': { name: 'ConnectionReset', after: true },
  slow: { name: 'Slow' },
  silent: { name: 'NoAnswer' },
  'timed out': {
    name: 'StatementTimeoutException',
    message: 'canceling statement due to statement timeout on 10.0.0.7',
  },
  'too large': { name: 'UnsupportedResultException', after: true },
} as const satisfies Readonly<Record<string, FaultSettings>>;

/** A fault, how many times each statement meets it, and the resulting status. */
export interface FaultCase {
  readonly fault: keyof typeof faultSettings;
  readonly times: 'always' | number;
  readonly status: 'right' | 500 | 503;
  /** Similar to another one: tested only at full size. */
  readonly like?: true;
}

const everyCase: readonly FaultCase[] = [
  { fault: 'resuming', times: 2, status: 'right' },
  { fault: 'throttled', times: 4, status: 'right' },
  { fault: 'failing', times: 1, status: 'right' },
  { fault: 'cut off before it ran', times: 1, status: 'right' },
  { fault: 'cut off after it ran', times: 1, status: 'right' },
  { fault: 'slow', times: 1, status: 'right', like: true },
  { fault: 'resuming', times: 'always', status: 503, like: true },
  { fault: 'throttled', times: 'always', status: 503, like: true },
  { fault: 'silent', times: 'always', status: 503 },
  { fault: 'failing', times: 'always', status: 503, like: true },
  { fault: 'cut off before it ran', times: 'always', status: 503, like: true },
  { fault: 'cut off after it ran', times: 'always', status: 503 },
  { fault: 'timed out', times: 'always', status: 503 },
  { fault: 'too large', times: 'always', status: 500 },
];
export const faultCases = everyCase.filter(({ like }) => sizes.everyFault || !like);

/** Factor by which back-off times, ours and the SDK's, and timeouts are shortened. */
const FASTER = 100;
const PATIENCE_MS = 200;
/** Allowance for the SDK's own back-off between its three attempts, which cannot be aborted, and for a machine that is busy with other work. A
 *  call without an end would take longer still. */
const GRACE_MS = 20_000;

// Set before the functions are loaded, which each call does itself.
vi.doMock('node:timers/promises', () => ({
  ...timers,
  setTimeout: <Value>(ms: number, value: Value, options: object) => timers.setTimeout(ms / FASTER, value, options),
}));

/** Gives each call its own retry quota of the SDK: the quota is per process, and here one process runs all functions. */
const { send } = RDSDataClient.prototype;
RDSDataClient.prototype.send = async function (this: RDSDataClient, ...call: Parameters<typeof send>) {
  Object.assign(await this.config.retryStrategy(), { capacity: 500 });
  return send.apply(this, call);
} as typeof send;
afterAll(() => Reflect.deleteProperty(RDSDataClient.prototype, 'send'));

const INSIDE =
  /exception|arn:|127\.0\.0\.1|10\.0\.0|econn|socket|sql|aurora|size limit|rate exceeded|inside of the data/i;

/** Runs work while each statement meets a fault, with a shortened timeout. */
export async function underFault<Result>(
  faults: Faults,
  { fault, times, status }: FaultCase,
  work: () => Promise<Result>,
): Promise<Result> {
  faults.add({ ...faultSettings[fault], ...(times === 'always' ? {} : { times, per_request: true }) });
  const [timeout, later] = [AbortSignal.timeout.bind(AbortSignal), globalThis.setTimeout];
  if (status === 503) vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(PATIENCE_MS));
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms = 0, ...rest: []) =>
    later(run, ms / FASTER, ...rest)) as typeof setTimeout);
  try {
    return await work();
  } finally {
    vi.restoreAllMocks();
    faults.clear();
  }
}

/** A reply, and how long it took in milliseconds. */
export interface TimedReply {
  readonly reply: Reply;
  readonly ms: number;
}

export async function timed(call: () => Promise<Reply>): Promise<TimedReply> {
  const began = performance.now();
  return { reply: await call(), ms: performance.now() - began };
}

/** Expects a problem in time that reveals no internals. */
export function expectCleanFailure({ reply, ms }: TimedReply, status: 500 | 503): void {
  expect(reply).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' } });
  expect(reply.headers['retry-after']).toBe(status === 503 ? '20' : undefined);
  expect(JSON.stringify(reply.body)).not.toMatch(INSIDE);
  expect(ms).toBeLessThan(PATIENCE_MS + GRACE_MS);
}
