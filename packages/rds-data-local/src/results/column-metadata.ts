import type { FieldDef } from 'pg';
import type { TableColumn } from './catalog.ts';
import type { ResultType } from './types.ts';

/** All members that the service's model has. */
export type ColumnMetadata = {
  readonly arrayBaseColumnType: number;
  readonly isAutoIncrement: boolean;
  readonly isCaseSensitive: boolean;
  readonly isCurrency: boolean;
  readonly isSigned: boolean;
  readonly label: string;
  readonly name: string;
  /** 0: never null; 1: may be null; 2: not known, as of a computed column. */
  readonly nullable: 0 | 1 | 2;
  readonly precision: number;
  readonly scale: number;
  readonly schemaName: string;
  readonly tableName: string;
  readonly type: number;
  readonly typeName: string;
};

/** The length that PostgreSQL's JDBC driver reports for a type without one. */
const UNLIMITED = 2_147_483_647;
/** The modifier of a type without one, such as `numeric` or `varchar`. */
const NO_MODIFIER = -1;
/** The offset of a modifier that is a length. */
const HEADER = 4;

const signed = ['int2', 'int4', 'int8', 'float4', 'float8', 'numeric'];
const caseless = [...signed, 'oid', 'bool', 'date', 'time', 'timestamp', 'timestamptz'];
const serials: Readonly<Record<string, string>> = { int2: 'smallserial', int4: 'serial', int8: 'bigserial' };

/** Describes a column in the terms of PostgreSQL's JDBC driver, as the service does; precision and scale of an array are its elements'. */
export function columnMetadataOf(
  { name, dataTypeModifier }: FieldDef,
  type: ResultType,
  column: TableColumn | null,
): ColumnMetadata {
  const { typeName } = type.element ?? type;
  const isAutoIncrement = column?.isAutoIncrement ?? false;
  return {
    arrayBaseColumnType: type.element?.jdbcType ?? 0,
    isAutoIncrement,
    isCaseSensitive: !caseless.includes(typeName),
    // The service does not return money.
    isCurrency: false,
    isSigned: signed.includes(typeName),
    label: name,
    name,
    nullable: column === null ? 2 : column.isNullable ? 1 : 0,
    precision: precisionOf(typeName, dataTypeModifier),
    scale: scaleOf(typeName, dataTypeModifier),
    schemaName: column?.schemaName ?? '',
    tableName: column?.tableName ?? '',
    type: type.jdbcType,
    typeName: (isAutoIncrement && serials[type.typeName]) || type.typeName,
  };
}

const fixedPrecision: Readonly<Record<string, number>> = {
  bool: 1,
  int2: 5,
  int4: 10,
  oid: 10,
  int8: 19,
  float4: 8,
  float8: 17,
  date: 13,
};

/** Digits of a number, characters of anything else. */
function precisionOf(typeName: string, modifier: number): number {
  switch (typeName) {
    case 'numeric':
      return modifier === NO_MODIFIER ? 0 : (modifier - HEADER) >> 16;
    case 'bpchar':
    case 'varchar':
      return modifier === NO_MODIFIER ? UNLIMITED : modifier - HEADER;
    case 'time':
      return 8 + fractionLength(modifier);
    case 'timestamp':
      return 22 + fractionLength(modifier);
    case 'timestamptz':
      return 28 + fractionLength(modifier);
    default:
      return fixedPrecision[typeName] ?? UNLIMITED;
  }
}

/** The width of the fraction of a second, with its point. One digit has the width of two. */
function fractionLength(modifier: number): number {
  if (modifier === 0) return 0;
  return modifier === NO_MODIFIER ? 7 : Math.max(modifier, 2) + 1;
}

/** Digits after the point. */
function scaleOf(typeName: string, modifier: number): number {
  switch (typeName) {
    case 'float4':
      return 8;
    case 'float8':
      return 17;
    case 'numeric':
      return modifier === NO_MODIFIER ? 0 : (modifier - HEADER) & 0xffff;
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return modifier === NO_MODIFIER ? 6 : modifier;
    default:
      return 0;
  }
}
