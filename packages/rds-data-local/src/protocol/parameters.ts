import { types } from 'pg';
import { DataApiError } from './errors.ts';
import type { SqlParameter } from './requests.ts';

const oids = types.builtins;
/** PostgreSQL infers the type from the context, as it does for a NULL literal. */
const UNSPECIFIED = 0;

/** A value in PostgreSQL's text format (bytes for bytea) and the OID of its type. */
export type Bind = { readonly oid: number; readonly value: string | Buffer | null };

// The formats that the service documents; three digits of a second at most. Finer instants need `:name::timestamptz`.
const hints = {
  DATE: { oid: oids.DATE, format: /^\d{4}-\d\d-\d\d$/ },
  DECIMAL: { oid: oids.NUMERIC, format: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i },
  // Not jsonb: its operators and functions need `:name::jsonb`, which works for any type that the service binds.
  JSON: { oid: oids.JSON, format: /./s },
  TIME: { oid: oids.TIME, format: /^\d\d:\d\d:\d\d(\.\d{1,3})?$/ },
  TIMESTAMP: { oid: oids.TIMESTAMP, format: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?$/ },
  UUID: { oid: oids.UUID, format: /^[\da-f]{8}-?([\da-f]{4}-?){3}[\da-f]{12}$/i },
} as const;

/** A parameter without a hint has the type of its member: a string is `text`, never "unknown". */
function bindOf({ name, value, typeHint }: SqlParameter): Bind {
  if ('arrayValue' in value) throw new DataApiError('BadRequestException', 'Array parameters are not supported.');
  if ('isNull' in value) return { oid: typeHint ? hints[typeHint].oid : UNSPECIFIED, value: null };
  if (typeHint) {
    const { oid, format } = hints[typeHint];
    if ('stringValue' in value && format.test(value.stringValue)) return { oid, value: value.stringValue };
    throw new DataApiError('BadRequestException', `Parameter "${name}" is not a string in the format of ${typeHint}.`);
  }
  if ('stringValue' in value) return { oid: oids.TEXT, value: value.stringValue };
  if ('longValue' in value) return { oid: oids.INT8, value: String(value.longValue) };
  if ('doubleValue' in value) return { oid: oids.FLOAT8, value: String(value.doubleValue) };
  if ('booleanValue' in value) return { oid: oids.BOOL, value: String(value.booleanValue) };
  return { oid: oids.BYTEA, value: Buffer.from(value.blobValue, 'base64') };
}

/**
 * The binds of a statement. A name without a parameter binds nothing: PostgreSQL then refuses the statement, except
 * inside `$$ … $$`, as with the service.
 */
export function bindsOf(names: readonly string[], parameters: readonly SqlParameter[]): readonly Bind[] {
  const byName = new Map(parameters.map((parameter) => [parameter.name, bindOf(parameter)]));
  return names.flatMap((name) => byName.get(name) ?? []);
}
