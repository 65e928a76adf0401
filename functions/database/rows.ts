import type { ColumnMetadata, ExecuteStatementResponse, Field } from '@aws-sdk/client-rds-data';

/** The records of an answer as objects by column name. `timestamptz` becomes RFC 3339 in UTC to the microsecond, `json` and
 *  `jsonb` become what they say, `numeric` and `bigint` beyond a double stay text. */
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

/** The Data API prints `timestamptz` in UTC without saying so, and drops trailing zeros: six digits or none.
 *  @example utc('2026-11-22 08:00:00.12') // '2026-11-22T08:00:00.120000Z' */
function utc(text: string): string {
  const [seconds = '', fraction] = text.replace(' ', 'T').split('.');
  return fraction ? `${seconds}.${fraction.padEnd(6, '0')}Z` : `${seconds}Z`;
}
