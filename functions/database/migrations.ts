import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Database } from './database.ts';
import type { Schema, SqlPart } from './schema.ts';
import { sql, statement } from './sql.ts';
import { literal, statementsOf } from './statements.ts';

/** Name of the record for the current functions and views. */
export const ROUTINES = 'functions and views';

/** Runs work in a transaction that holds the migration lock. */
export type InTransaction = <Result>(work: (database: Database) => Promise<Result>) => Promise<Result>;

/** Upgrades a database to this release. A new database is created completely. An older one gets the migrations that it lacks, each in its
 *  own transaction, so that an interrupted run can be continued. Then all functions and views are recreated in one transaction if their
 *  text differs: they call each other, so a mixture of old and new ones could reject writes. Migrations of a newer release are kept,
 *  so that a rollback finds its tables.
 *  @returns the names of the applied parts
 *  @throws Error when a migration has changed since it was applied, or the database is of version 0.1 */
export async function migrate({ parts, migrations }: Schema, inTransaction: InTransaction): Promise<string[]> {
  const routines = parts.filter(({ name }) => !name.endsWith('/tables.sql'));
  const made: Applied = { name: ROUTINES, sha256: sha256Of(routines.map(({ text }) => text).join('\n')) };

  const known = await inTransaction(appliedBefore);
  if (known.size === 0) {
    const included = [made, ...migrations.map(recordOf)];
    return inTransaction(async (database) => {
      if ((await appliedBefore(database)).size > 0) return [];
      await run(database, parts);
      for (const each of included) await remember(database, each, functionsOf(routines));
      return included.map(({ name }) => name);
    });
  }
  if (known.has('0001_bots_and_the_trading_calendar.sql')) throw new Error(FROM_0_1);

  const applied: string[] = [];
  for (const migration of migrations) {
    const { name, sha256 } = recordOf(migration);
    const before = known.get(name);
    if (before && before.sha256 !== sha256)
      throw new Error(`migration ${name} has changed since it was applied: add a new one instead`);
    if (before || !(await inTransaction((database) => applyOnce(database, migration)))) continue;
    applied.push(name);
  }
  if (known.get(ROUTINES)?.sha256 !== made.sha256) {
    await inTransaction((database) => recreate(database, routines, made));
    applied.push(ROUTINES);
  }
  return applied;
}

const FROM_0_1 = `this database was made by version 0.1, which cannot be upgraded in place.
Move its data in two steps: with version 0.1, npm run export -- history.jsonl;
with this version and an empty database, npm run restore -- history.jsonl.`;

const Applied = z.object({ name: z.string(), sha256: z.string() });
type Applied = z.output<typeof Applied>;

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
const recordOf = ({ name, text }: SqlPart): Applied => ({ name, sha256: sha256Of(text) });

/** The parts applied so far. Most runs find everything applied and execute no other query. */
async function appliedBefore(database: Database): Promise<Map<string, Applied>> {
  await database.many(
    z.unknown(),
    sql`CREATE TABLE IF NOT EXISTS applied_migrations (
          name       text COLLATE "C" PRIMARY KEY,
          sha256     text NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
          -- For functions and views: the created functions, so that those missing in another release can be dropped.
          functions  text[]
        )`,
  );
  const rows = await database.many(Applied, sql`SELECT name, sha256 FROM applied_migrations`);
  return new Map(rows.map((row) => [row.name, row]));
}

async function remember(database: Database, { name, sha256 }: Applied, functions: readonly string[]): Promise<void> {
  const made = name === ROUTINES ? functions.join(',') : null;
  await database.many(
    z.unknown(),
    sql`INSERT INTO applied_migrations (name, sha256, functions)
        VALUES (${name}, ${sha256}, string_to_array(${made}, ','))
        ON CONFLICT (name) DO UPDATE
        SET sha256 = excluded.sha256, functions = excluded.functions, applied_at = clock_timestamp()`,
  );
}

async function run(database: Database, parts: readonly SqlPart[]): Promise<void> {
  for (const text of parts.flatMap((part) => statementsOf(part.text)))
    await database.many(z.unknown(), statement(text));
}

/** @returns false when another run applied it in the meantime */
async function applyOnce(database: Database, migration: SqlPart): Promise<boolean> {
  if ((await appliedBefore(database)).has(migration.name)) return false;
  await run(database, [migration]);
  await remember(database, recordOf(migration), []);
  return true;
}

async function recreate(database: Database, routines: readonly SqlPart[], made: Applied): Promise<void> {
  // Every write locks its bot first, so this waits for running writes to end.
  await database.many(z.unknown(), sql`LOCK TABLE bots IN EXCLUSIVE MODE`);
  const texts = routines.flatMap((part) => statementsOf(part.text));
  for (const [place, text] of texts.entries())
    await database.many(z.unknown(), statement(replacing(text, texts.slice(place + 1))));

  const { functions } = await database.one(
    z.object({ functions: z.array(z.string()) }),
    sql`SELECT coalesce(max(functions), '{}') AS functions FROM applied_migrations WHERE name = ${ROUTINES}`,
  );
  const now = functionsOf(routines);
  for (const name of functions.filter((each) => !now.includes(each)))
    await database.many(z.unknown(), statement(`DROP FUNCTION IF EXISTS ${name}`));
  await remember(database, made, now);
}

const CREATES = /^CREATE OR REPLACE (?<kind>FUNCTION|VIEW) (?<name>\w+)/;
const named = (kind: string, texts: readonly string[]): string[] =>
  texts.flatMap((text) => {
    const groups = CREATES.exec(text)?.groups;
    return groups?.kind === kind && groups.name ? [groups.name] : [];
  });
const functionsOf = (parts: readonly SqlPart[]): string[] =>
  named(
    'FUNCTION',
    parts.flatMap(({ text }) => statementsOf(text)),
  );

/** A statement that replaces a function or view in place, which keeps users' grants and views. If its columns or result type do not allow
 *  that, it drops the object and all later views, which may depend on it. If a user's own view depends on it, that fails with the name
 *  of the view. */
function replacing(text: string, later: readonly string[]): string {
  const { kind, name } = CREATES.exec(text)?.groups ?? {};
  if (!kind || !name) return text;
  const drops = [
    ...named('VIEW', later)
      .toReversed()
      .map((view) => `VIEW IF EXISTS ${view}`),
    `${kind} ${name}`,
  ];
  const create = `EXECUTE ${literal(text)};`;
  return `DO ${literal(`DECLARE
    v_dependents text;
  BEGIN
    ${create}
  EXCEPTION WHEN invalid_function_definition OR invalid_table_definition THEN
    BEGIN
      ${drops.map((drop) => `DROP ${drop};`).join(' ')}
      ${create}
    EXCEPTION WHEN dependent_objects_still_exist THEN
      GET STACKED DIAGNOSTICS v_dependents = PG_EXCEPTION_DETAIL;
      RAISE EXCEPTION ${literal('%; %')}, SQLERRM, v_dependents;
    END;
  END`)}`;
}
