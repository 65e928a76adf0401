/** How a value leaves: which member of a Field it fills. */
export type Kind = 'boolean' | 'long' | 'double' | 'decimal' | 'string' | 'temporal' | 'blob';

export type ResultType = {
  readonly typeName: string;
  /** The number of java.sql.Types. */
  readonly jdbcType: number;
  readonly kind: Kind;
};

type Row = readonly [oid: number, arrayOid: number, typeName: string, jdbcType: number, kind: Kind];

// What the service documents, and oid, which is known to work:
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api-operations.html
// It returns enums too; they are refused here because nothing in a row's description tells one from other new types.
const rows: readonly Row[] = [
  [16, 1000, 'bool', -7, 'boolean'],
  [17, 1001, 'bytea', -2, 'blob'],
  [19, 1003, 'name', 12, 'string'],
  [20, 1016, 'int8', -5, 'long'],
  [21, 1005, 'int2', 5, 'long'],
  [23, 1007, 'int4', 4, 'long'],
  [25, 1009, 'text', 12, 'string'],
  [26, 1028, 'oid', -5, 'long'],
  [114, 199, 'json', 1111, 'string'],
  [650, 651, 'cidr', 1111, 'string'],
  [700, 1021, 'float4', 7, 'double'],
  [701, 1022, 'float8', 8, 'double'],
  [869, 1041, 'inet', 1111, 'string'],
  [1042, 1014, 'bpchar', 1, 'string'],
  [1043, 1015, 'varchar', 12, 'string'],
  [1082, 1182, 'date', 91, 'temporal'],
  [1083, 1183, 'time', 92, 'temporal'],
  [1114, 1115, 'timestamp', 93, 'temporal'],
  [1184, 1185, 'timestamptz', 93, 'temporal'],
  [1700, 1231, 'numeric', 2, 'decimal'],
  [2950, 2951, 'uuid', 1111, 'string'],
  [3802, 3807, 'jsonb', 1111, 'string'],
];
const ARRAY_JDBC_TYPE = 2003;

export const scalarTypes: ReadonlyMap<number, ResultType> = new Map(
  rows.map(([oid, , typeName, jdbcType, kind]) => [oid, { typeName, jdbcType, kind }]),
);
/** By the OID of the array; `kind` is that of the elements. */
export const arrayTypes: ReadonlyMap<number, ResultType> = new Map(
  rows
    .filter(([, , , , kind]) => kind !== 'blob')
    .map(([, arrayOid, typeName, , kind]) => [arrayOid, { typeName: `_${typeName}`, jdbcType: ARRAY_JDBC_TYPE, kind }]),
);
