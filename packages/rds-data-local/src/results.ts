import { type FieldDef, types } from 'pg';
import { parse as parseArray } from 'postgres-array';
import { DataApiError } from './errors.ts';
import { RESULT_BYTES, ROW_BYTES } from './limits.ts';
import type { ResultSetOptions } from './requests.ts';
import { arrayTypes, type ResultType, scalarTypes } from './result-types.ts';
import { type ScalarField, scalarField } from './values.ts';

/** What a statement gave: its rows as PostgreSQL's text. */
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

type ToField = (text: string) => Field;

/** The rows as Fields. Refuses types that the service does not return, and results beyond its limits. */
export function recordsOf({ fields, rows }: Rows, options = asStored): readonly (readonly Field[])[] {
  const toFields = fields.map(({ dataTypeID }) => converterOf(dataTypeID, options));
  checkSize(fields.length, rows);
  return rows.map((row) =>
    toFields.map((toField, column) => {
      const text = row[column];
      return text === null || text === undefined ? { isNull: true } : toField(text);
    }),
  );
}

export function columnMetadataOf(fields: readonly FieldDef[]) {
  return fields.map(({ name, dataTypeID }) => {
    const { typeName, jdbcType } = resultTypeOf(dataTypeID);
    return { name, label: name, typeName, type: jdbcType };
  });
}

function converterOf(oid: number, options: ResultSetOptions): ToField {
  const element = arrayTypes.get(oid);
  if (element) return (text) => ({ arrayValue: arrayValueOf(element, text, options) });
  const { kind } = resultTypeOf(oid);
  return (text) => scalarField(kind, text, options);
}

function resultTypeOf(oid: number): ResultType {
  const type = scalarTypes.get(oid) ?? arrayTypes.get(oid);
  if (type) return type;
  const [builtin] = Object.entries(types.builtins).find(([, id]) => id === oid) ?? [];
  throw new DataApiError(
    'UnsupportedResultException',
    `The result contains the unsupported data type ${builtin ?? `with the OID ${oid}`}.`,
  );
}

function arrayValueOf({ kind }: ResultType, text: string, options: ResultSetOptions): ArrayValue {
  const elements = parseArray(text, (element) => element);
  if (elements.some(Array.isArray)) {
    throw new DataApiError('UnsupportedResultException', 'The result contains a multidimensional array');
  }
  const values = elements.map((element) =>
    element === null ? null : Object.values(scalarField(kind, element, options))[0],
  );
  switch (kind) {
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
