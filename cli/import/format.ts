import { InexactNumber } from '../../functions/contract/json.ts';
import type { Entry } from './entry.ts';
import type { ReadInstant } from './instants.ts';

/** A row of a file or a table, by the names of its columns in lower case with `_` for spaces. */
export type Row = Readonly<Record<string, unknown>>;

export interface Format {
  /** As `--format` says it. */
  readonly name: string;
  /** As a person says it. */
  readonly what: string;
  /** What a table with these columns lacks to be of this format. */
  readonly lacks: (columns: ReadonlySet<string>) => string[];
  /** How many columns it needs. */
  readonly needs: number;
  /** The run of a backtest that a row is of, where it says so. */
  readonly runOf: (row: Row) => string | null;
  readonly entries: (row: Row, place: Place) => Iterable<Entry>;
}

export interface Place {
  /** Of its table, from 1. */
  readonly number: number;
  readonly instant: ReadInstant;
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
  readonly entries: (cells: Cells<Field>, place: Place & { readonly row: Row }) => Iterable<Entry>;
}

export function format<Field extends string>({ name, what, columns, needs, entries }: Definition<Field>): Format {
  return {
    name,
    what,
    needs: needs.length,
    lacks: (given) =>
      needs
        .filter((field) => !columns[field].some((column) => given.has(column)))
        .map((field) => `${field} (${columns[field].join(', ')})`),
    runOf: (row) => asText(row.run_id),
    entries: (row, place) => entries(cellsOf(columns, row, place.instant), { ...place, row }),
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

/** A cell as text; null where it says nothing. `\N` is PostgreSQL's NULL in a dump. */
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
