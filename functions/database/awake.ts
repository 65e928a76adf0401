import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { DatabaseUnavailable } from '../errors.ts';
import type { Database } from './database.ts';
import { sql } from './sql.ts';

/** Between two attempts, in milliseconds. */
const PAUSE_MS = 5_000;

/** What the Data API answers while permissions, secrets and a new cluster settle. */
const settling: readonly string[] = [
  'AccessDeniedException',
  'ForbiddenException',
  'InvalidSecretException',
  'SecretsErrorException',
  'DatabaseNotFoundException',
  'HttpEndpointNotEnabledException',
];

const willPass = (error: unknown): boolean =>
  error instanceof DatabaseUnavailable || (error instanceof Error && settling.includes(error.name));

/** The name that the Data API gave the error, and its message. */
function reasonOf(error: unknown): string {
  const { name, message } =
    error instanceof DatabaseUnavailable && error.cause instanceof Error ? error.cause : (error as Error);
  return `${name}: ${message}`;
}

/** Waits until the database answers: a new or resuming cluster, and permissions that settle, take minutes. Logs each new reason.
 *  @throws the last reason when `signal` is aborted; any error that waiting cannot end */
export async function untilAwake(
  database: Database,
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Pick<Logger, 'info'> },
): Promise<void> {
  let reason = '';
  for (;;) {
    try {
      await database.one(z.object({ awake: z.int() }), sql`SELECT 1 AS awake`);
      return;
    } catch (error) {
      if (!willPass(error)) throw error;
      const now = reasonOf(error);
      if (now !== reason) logger.info('waiting for the database', { reason: now });
      reason = now;
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}
