import type { SqlParameter } from '@aws-sdk/client-rds-data';

type Value = string | number | boolean | null | Sql;

/** A statement or a fragment of one. Values are always bound as parameters, never interpolated into the text. */
export interface Sql {
  readonly strings: readonly string[];
  readonly values: readonly Value[];
}

/** Tagged template for SQL. Values are bound as `text` (string), `bigint` (integer) or `boolean`; cast them if another type is needed
 *  (`${day}::date`). `sql` fragments are inserted.
 *  @example sql`SELECT notes FROM strategy_snapshots WHERE snapshot_id = ${id}` */
export function sql(strings: TemplateStringsArray, ...values: readonly Value[]): Sql {
  return { strings, values };
}

/** A statement from plain text, such as a migration. */
export const statement = (text: string): Sql => ({ strings: [text], values: [] });

/** The text with placeholders `:p1`, `:p2`, … and their parameters, in the format of the Data API. */
export function rendered(whole: Sql): { text: string; parameters: SqlParameter[] } {
  const parameters: SqlParameter[] = [];
  const textOf = ({ strings, values }: Sql): string =>
    strings.reduce((text, piece, i) => {
      const value = values[i - 1];
      return `${text}${typeof value === 'object' && value !== null ? textOf(value) : bound(value ?? null)}${piece}`;
    });
  const bound = (value: Exclude<Value, Sql>): string => {
    const name = `p${parameters.length + 1}`;
    parameters.push({ name, value: fieldOf(value) });
    return `:${name}`;
  };
  return { text: textOf(whole), parameters };
}

function fieldOf(value: Exclude<Value, Sql>): SqlParameter['value'] {
  if (value === null) return { isNull: true };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { booleanValue: value };
  if (Number.isSafeInteger(value)) return { longValue: value };
  throw new TypeError(`${value} is not an integer: pass decimals as text and cast them`);
}
