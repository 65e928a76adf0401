import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type Connection, inTransaction } from './data-api.ts';
import { mayRunAgain } from './database-error.ts';
import type { InTransaction } from './migrations.ts';
import { sql } from './sql.ts';

/** Key of the advisory lock; any number that nothing else uses. */
const MIGRATIONS_LOCK = 7_461_093;

/** Runs work in a transaction that holds the migration lock, so that concurrent migrations take turns. Retries after a deadlock with a
 *  concurrent request. */
export const underMigrationLock =
  (connection: Connection, signal: AbortSignal): InTransaction =>
  async (work) => {
    for (;;) {
      const attempt = await inTransaction(connection, signal, async (database) => {
        const { locked } = await database.one(
          z.object({ locked: z.boolean() }),
          sql`SELECT pg_try_advisory_xact_lock(${MIGRATIONS_LOCK}) AS locked`,
        );
        return locked ? { result: await work(database) } : null;
      }).catch((error: unknown) => {
        if (!mayRunAgain(error)) throw error;
        return null;
      });
      if (attempt) return attempt.result;
      await sleep(500, undefined, { signal });
    }
  };
