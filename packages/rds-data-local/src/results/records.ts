import type { FieldDef } from 'pg';
import { parse as parseArray } from 'postgres-array';
import { DataApiError } from '../protocol/errors.ts';
import { RESULT_BYTES, ROW_BYTES } from '../protocol/limits.ts';
import type { ResultSetOptions } from '../protocol/requests.ts';
import { type ScalarField, scalarField } from './field.ts';
import type { ResultType } from './types.ts';

/** The result of a statement: its rows as PostgreSQL's text. */
export type Rows = {
  readonly fields: readonly FieldDef[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rowCount: number | null;
};

type ArrayValue =
  | { readonly booleanValues: readonly unknown[] }
  | { readonly longValues: readonly unknown[] }
  | { readonly doubleValues: readonly unknown[] }
  | { readonly stringValues: readonly unknown[] };

export type Field = { readonly isNull: true } | ScalarField | { readonly arrayValue: ArrayValue };

const asStored: ResultSetOptions = { decimalReturnType: 'STRING', longReturnType: 'LONG' };

/** The rows as Fields.
 *  @throws DataApiError UnsupportedResultException beyond the service's limits */
export function recordsOf(
  { rows }: Rows,
  types: readonly ResultType[],
  options = asStored,
): readonly (readonly Field[])[] {
  checkSize(types.length, rows);
  return rows.map((row) =>
    types.map((type, column) => {
      const text = row[column];
      if (text === null || text === undefined) return { isNull: true };
      return type.element
        ? { arrayValue: arrayValueOf(type.element, text, options) }
        : scalarField(type, text, options);
    }),
  );
}

function arrayValueOf(type: ResultType, text: string, options: ResultSetOptions): ArrayValue {
  const elements = parseArray(text, (element) => element);
  if (elements.some(Array.isArray)) {
    throw new DataApiError('UnsupportedResultException', 'The result contains a multidimensional array');
  }
  const values = elements.map((element) =>
    element === null ? null : Object.values(scalarField(type, element, options))[0],
  );
  switch (type.kind) {
    case 'boolean':
      return { booleanValues: values };
    case 'long':
      return options.longReturnType === 'STRING' ? { stringValues: values } : { longValues: values };
    case 'double':
      return { doubleValues: values };
    default:
      return { stringValues: values };
  }
}

/** Bytes on PostgreSQL's wire: two for the count of a row's columns, four for the length of each, and the text. */
function checkSize(columns: number, rows: Rows['rows']): void {
  let resultBytes = 0;
  for (const row of rows) {
    const rowBytes = row.reduce(
      (bytes, text) => bytes + (text === null ? 0 : Buffer.byteLength(text)),
      2 + 4 * columns,
    );
    if (rowBytes > ROW_BYTES) {
      throw new DataApiError(
        'UnsupportedResultException',
        'The result contains a row that exceeds the size limit 64 KB.',
      );
    }
    resultBytes += rowBytes;
  }
  if (resultBytes > RESULT_BYTES) {
    throw new DataApiError('UnsupportedResultException', 'The result exceeds the size limit 1 MB.');
  }
}
