import type { ColumnMetadata, ExecuteStatementResponse, Field } from '@aws-sdk/client-rds-data';

/** Converts the records of a response to objects by column name. `timestamptz` becomes RFC 3339 in UTC to the microsecond, `json` and
 *  `jsonb` are parsed, `numeric` and large `bigint` stay text. */
export function rowsOf({ records = [], columnMetadata = [] }: ExecuteStatementResponse): Record<string, unknown>[] {
  return records.map((fields) =>
    Object.fromEntries(columnMetadata.map((column, i) => [column.name, cell(fields[i], column)])),
  );
}

function cell(field: Field | undefined, { typeName }: ColumnMetadata): unknown {
  if (!field || field.isNull) return null;
  if (field.stringValue !== undefined) {
    if (typeName === 'json' || typeName === 'jsonb') return JSON.parse(field.stringValue);
    if (typeName === 'timestamptz') return utc(field.stringValue);
    return field.stringValue;
  }
  if (field.arrayValue)
    return field.arrayValue.stringValues ?? field.arrayValue.longValues ?? field.arrayValue.doubleValues ?? [];
  return field.longValue ?? field.doubleValue ?? field.booleanValue;
}

/** Completes a `timestamptz` of the Data API, which omits the offset (it is UTC) and trailing zeros: six fractional digits or none.
 *  @example utc('2026-11-22 08:00:00.12') // '2026-11-22T08:00:00.120000Z' */
function utc(text: string): string {
  const [seconds = '', fraction] = text.replace(' ', 'T').split('.');
  return fraction ? `${seconds}.${fraction.padEnd(6, '0')}Z` : `${seconds}Z`;
}
