import { InexactNumber } from '../../functions/contract/json.ts';
import type { Entry } from './entry.ts';
import type { ReadInstant } from './instants.ts';

/** A row of a file or a table, by the names of its columns in lower case with `_` for spaces. */
export type Row = Readonly<Record<string, unknown>>;

export interface Format {
  /** The value of `--format`. */
  readonly name: string;
  /** For the report. @example 'fills of Coinbase' */
  readonly what: string;
  /** The required fields of this format that a table with these columns does not have. */
  readonly missing: (columns: ReadonlySet<string>) => string[];
  /** The number of fields, required or not, that a table with these columns has. */
  readonly matched: (columns: ReadonlySet<string>) => number;
  /** The number of required fields. */
  readonly needs: number;
  /** The id of the backtest that a row belongs to, where the row has it. */
  readonly runOf: (row: Row) => string | null;
  readonly entries: (row: Row, context: RowContext) => Iterable<Entry>;
}

export interface RowContext {
  /** Its number in its table, from 1. */
  readonly number: number;
  readonly instant: ReadInstant;
  /** How often the table has had this key, including now: rows without an id may be equal. */
  readonly nth: (key: string) => number;
}

export interface Cells<Field extends string> {
  /** Null where it is empty or absent. */
  readonly text: (field: Field) => string | null;
  readonly instant: (field: Field) => string | null;
  /** A value that may be JSON, or JSON as text. */
  readonly json: (field: Field) => unknown;
}

interface Definition<Field extends string> {
  readonly name: string;
  readonly what: string;
  /** The names that each field's column may have, the best first. */
  readonly columns: Readonly<Record<Field, readonly string[]>>;
  readonly needs: readonly NoInfer<Field>[];
  readonly entries: (cells: Cells<Field>, context: RowContext & { readonly row: Row }) => Iterable<Entry>;
}

export function format<Field extends string>({ name, what, columns, needs, entries }: Definition<Field>): Format {
  return {
    name,
    what,
    needs: needs.length,
    missing: (given) =>
      needs
        .filter((field) => !columns[field].some((column) => given.has(column)))
        .map((field) => `${field} (${columns[field].join(', ')})`),
    matched: (given) =>
      Object.values<readonly string[]>(columns).filter((names) => names.some((name) => given.has(name))).length,
    runOf: (row) => asText(row.run_id),
    entries: (row, context) => entries(cellsOf(columns, row, context.instant), { ...context, row }),
  };
}

export function cellsOf<Field extends string>(
  columns: Readonly<Record<Field, readonly string[]>>,
  row: Row,
  instant: ReadInstant,
): Cells<Field> {
  const value = (field: Field) => columns[field].map((column) => row[column]).find((given) => asText(given) !== null);
  const text = (field: Field) => asText(value(field));
  return {
    text,
    instant: (field) => {
      const written = text(field);
      return written && instant(written);
    },
    json: (field) => {
      const given = value(field);
      return typeof given === 'string' && /^\s*[{[]/.test(given) ? jsonOr(given) : (given ?? null);
    },
  };
}

/** A cell as text; null where it is empty. `\N` is PostgreSQL's NULL in a dump. */
export function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof InexactNumber) return value.source;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value).trim();
  return text === '' || text === '\\N' || text === 'NULL' ? null : text;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
