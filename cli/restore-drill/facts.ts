import * as z from 'zod';
import type { Database } from '../../functions/database/database.ts';
import { sql, statement } from '../../functions/database/sql.ts';
import { names, tablesOf } from '../backup/tables.ts';

/** What a database holds, by a name of each figure: numbers and instants as text, null where there is no row. */
export type Facts = ReadonlyMap<string, string | null>;

const Fact = z.object({ name: z.string(), value: z.string().nullable() });

/** Sums and newest rows. */
const figures: Readonly<Record<string, string>> = {
  'traded volume': 'SELECT sum(price * size)::text FROM fills',
  fees: 'SELECT sum(fee_usd)::text FROM fills',
  'P&L of the summaries, USD': 'SELECT sum(total_pnl_usd)::text FROM strategy_performance_summary',
  'newest fill': 'SELECT max(filled_at)::text FROM fills',
  'newest snapshot': 'SELECT max(active_from)::text FROM strategy_snapshots',
};

/** The rows of every table, sums, and the newest rows. */
export async function factsOf(database: Database): Promise<Facts> {
  const facts = new Map<string, string | null>();
  const add = ({ name, value }: z.output<typeof Fact>) => facts.set(name, value);
  // One statement each: the Data API ends it after 45 s.
  for (const { name } of await tablesOf(database))
    add(
      await database.one(Fact, sql`SELECT ${`rows of ${name}`} AS name, count(*)::text AS value FROM ${names([name])}`),
    );
  for (const [name, query] of Object.entries(figures))
    add(await database.one(Fact, sql`SELECT ${name} AS name, (${statement(query)}) AS value`));
  return facts;
}

/** The figures of a copy that are neither those of the original before and after it was made, nor between them.
 *  @returns a sentence for each */
export function differences(copy: Facts, before: Facts, after: Facts): readonly string[] {
  return [...before.keys()].flatMap((name) => {
    const [is, first, last] = [copy, before, after].map((facts) => facts.get(name) ?? null) as [Value, Value, Value];
    if (is === first || is === last || isBetween(is, first, last)) return [];
    const live = first === last ? shown(first) : `${shown(first)} to ${shown(last)}`;
    return [`${name}: ${shown(is)}, live ${live}`];
  });
}

type Value = string | null;
const shown = (value: Value): string => value ?? 'none';

function isBetween(...values: readonly Value[]): boolean {
  if (values.includes(null)) return false;
  const [is, ...ends] = values.map((value) => measure(String(value))) as [number, number, number];
  return Math.min(...ends) <= is && is <= Math.max(...ends);
}

/** A number, or an instant in milliseconds. */
function measure(value: string): number {
  const number = Number(value);
  return Number.isNaN(number) ? Date.parse(value) : number;
}
