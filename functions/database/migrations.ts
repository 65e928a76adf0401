import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  type RDSDataClient,
  RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import * as z from 'zod';
import { type DatabaseTarget, dataApi } from './data-api.ts';
import type { Database } from './database.ts';
import { mayRunAgain } from './database-error.ts';
import { sql, statement } from './sql.ts';
import { statementsOf } from './statements.ts';

/** Steps from one release to the next: each is applied once, and never changes again. */
const steps = new URL('migrations/', import.meta.url);

/** SQL functions that have changed since they were made: each stands here as it is, and is made anew when it differs from what
 *  was applied, so that its history is read in one file. One in SQL calls only those that come before it by name. After a
 *  rollback the older release puts its own in place again: those of its generation. Another begins when routines keep something
 *  that the older ones would not (2: open_lots). */
const routines = new URL('routines/', import.meta.url);
const GENERATION = 'routines.2';

/** Any number that nothing else locks. */
const MIGRATIONS_LOCK = 7_461_093;

/** Applies the steps that are not applied yet, in the order of their names, each in a transaction of its own: a run that was cut
 *  short goes on where it stopped, and two runs at once take turns. Then the routines that differ, all in one: they call each
 *  other, and half of them new would refuse writes or lose marks. What a newer release applied is left.
 *  @returns the names of those it applied
 *  @throws Error when a step has changed since it was applied */
export async function migrate(client: RDSDataClient, target: DatabaseTarget, signal: AbortSignal): Promise<string[]> {
  await dataApi(client, target, signal).one(z.object({ awake: z.int() }), sql`SELECT 1 AS awake`);
  const known = await inTransaction(client, target, signal, appliedBefore);
  const differs = ({ name, sha256 }: SqlFile) => known.get(name) !== sha256;
  const applied: string[] = [];
  for (const step of filesOf(steps).filter(differs)) {
    if (await inTransaction(client, target, signal, (database) => apply(database, step))) applied.push(step.name);
  }
  if (filesOf(routines).some(differs)) applied.push(...(await inTransaction(client, target, signal, makeAnew)));
  return applied;
}

interface SqlFile {
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
  readonly repeatable: boolean;
}

function filesOf(directory: URL): SqlFile[] {
  const repeatable = directory === routines;
  return readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(file, directory), 'utf8');
      const sha256 = createHash('sha256').update(text).digest('hex');
      return { name: repeatable ? `${GENERATION}/${file}` : file, text, sha256, repeatable };
    });
}

const Applied = z.object({ name: z.string(), sha256: z.string() });

/** What was applied so far: most starts find everything there, and ask no more than this. */
async function appliedBefore(database: Database): Promise<Map<string, string>> {
  await database.many(
    z.unknown(),
    sql`CREATE TABLE IF NOT EXISTS applied_migrations (
          name       text COLLATE "C" PRIMARY KEY,
          sha256     text NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )`,
  );
  const rows = await database.many(Applied, sql`SELECT name, sha256 FROM applied_migrations`);
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
}

async function makeAnew(database: Database): Promise<string[]> {
  // Every write locks its bot first: those that have theirs end before this begins. Those that wait go on with the body that they
  // began with, and with what that calls as it is by then: a routine that would be wrong with its older callers takes another name.
  await database.many(z.unknown(), sql`LOCK TABLE bots IN EXCLUSIVE MODE`);
  const applied: string[] = [];
  for (const routine of filesOf(routines)) {
    if (await apply(database, routine)) applied.push(routine.name);
  }
  return applied;
}

async function apply(database: Database, { name, text, sha256, repeatable }: SqlFile): Promise<boolean> {
  const before = await database.maybeOne(
    Applied,
    sql`SELECT name, sha256 FROM applied_migrations WHERE name = ${name}`,
  );
  if (before?.sha256 === sha256) return false;
  if (before && !repeatable)
    throw new Error(`migration ${name} has changed since it was applied: add a new one instead`);

  for (const each of statementsOf(text)) await database.many(z.unknown(), statement(each));
  await database.many(
    z.unknown(),
    sql`INSERT INTO applied_migrations (name, sha256)
        VALUES (${name}, ${sha256})
        ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, applied_at = clock_timestamp()`,
  );
  return true;
}

/** Runs work in a transaction that holds the lock of migrations, waiting for whoever holds it. It runs again when a deadlock with
 *  a call that is being served broke it off. */
async function inTransaction<Result>(
  client: RDSDataClient,
  target: DatabaseTarget,
  signal: AbortSignal,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const { resourceArn, secretArn } = target;
  const { transactionId } = await client.send(new BeginTransactionCommand(target), { abortSignal: signal });
  if (!transactionId) throw new Error('the Data API began no transaction');
  const database = dataApi(client, { ...target, transactionId }, signal);
  try {
    const { locked } = await database.one(
      z.object({ locked: z.boolean() }),
      sql`SELECT pg_try_advisory_xact_lock(${MIGRATIONS_LOCK}) AS locked`,
    );
    const result = locked ? await work(database) : null;
    await client.send(new CommitTransactionCommand({ resourceArn, secretArn, transactionId }), { abortSignal: signal });
    if (result !== null) return result;
  } catch (error) {
    await client.send(new RollbackTransactionCommand({ resourceArn, secretArn, transactionId })).catch(() => {});
    if (!mayRunAgain(error)) throw error;
  }
  await sleep(500, undefined, { signal });
  return inTransaction(client, target, signal, work);
}
