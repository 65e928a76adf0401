/** The member of a Field that holds a value. */
export type Kind = 'boolean' | 'long' | 'double' | 'decimal' | 'string' | 'temporal' | 'blob';

export type ResultType = {
  /** PostgreSQL's own name, such as `int4` or `_text`. */
  readonly typeName: string;
  /** The number of java.sql.Types. */
  readonly jdbcType: number;
  readonly kind: Kind;
  /** Of an array. */
  readonly element?: ResultType;
};

const JDBC_VARCHAR = 12;
const JDBC_ARRAY = 2003;

type Row = readonly [oid: number, arrayOid: number, typeName: string, jdbcType: number, kind: Kind];

// The documented types, and oid, which also works:
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api-operations.html
const rows: readonly Row[] = [
  [16, 1000, 'bool', -7, 'boolean'],
  [17, 1001, 'bytea', -2, 'blob'],
  [19, 1003, 'name', JDBC_VARCHAR, 'string'],
  [20, 1016, 'int8', -5, 'long'],
  [21, 1005, 'int2', 5, 'long'],
  [23, 1007, 'int4', 4, 'long'],
  [25, 1009, 'text', JDBC_VARCHAR, 'string'],
  [26, 1028, 'oid', -5, 'long'],
  [114, 199, 'json', 1111, 'string'],
  [650, 651, 'cidr', 1111, 'string'],
  [700, 1021, 'float4', 7, 'double'],
  [701, 1022, 'float8', 8, 'double'],
  [869, 1041, 'inet', 1111, 'string'],
  [1042, 1014, 'bpchar', 1, 'string'],
  [1043, 1015, 'varchar', JDBC_VARCHAR, 'string'],
  [1082, 1182, 'date', 91, 'temporal'],
  [1083, 1183, 'time', 92, 'temporal'],
  [1114, 1115, 'timestamp', 93, 'temporal'],
  [1184, 1185, 'timestamptz', 93, 'temporal'],
  [1700, 1231, 'numeric', 2, 'decimal'],
  [2950, 2951, 'uuid', 1111, 'string'],
  [3802, 3807, 'jsonb', 1111, 'string'],
];

export const arrayOf = (element: ResultType): ResultType => ({
  typeName: `_${element.typeName}`,
  jdbcType: JDBC_ARRAY,
  kind: element.kind,
  element,
});

export const enumOf = (typeName: string): ResultType => ({ typeName, jdbcType: JDBC_VARCHAR, kind: 'string' });

/** PostgreSQL's types that the service returns, by OID. */
export const builtinTypes: ReadonlyMap<number, ResultType> = new Map(
  rows.flatMap(([oid, arrayOid, typeName, jdbcType, kind]) => {
    const type: ResultType = { typeName, jdbcType, kind };
    return kind === 'blob'
      ? [[oid, type] as const]
      : ([
          [oid, type],
          [arrayOid, arrayOf(type)],
        ] as const);
  }),
);
