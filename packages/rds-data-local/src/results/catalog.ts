import { type FieldDef, type PoolClient, types } from 'pg';
import { DataApiError } from '../protocol/errors.ts';
import { arrayOf, builtinTypes, enumOf, type ResultType } from './types.ts';

/** Catalog data of a column of a table, a view or a materialised view. */
export type TableColumn = {
  readonly schemaName: string;
  readonly tableName: string;
  readonly isNullable: boolean;
  /** An identity column, or one with a sequence as its default. */
  readonly isAutoIncrement: boolean;
};

const columnsQuery = `
  SELECT attribute.attrelid::int8::text || ':' || attribute.attnum AS key,
         namespace.nspname                                        AS "schemaName",
         relation.relname                                         AS "tableName",
         NOT (attribute.attnotnull OR type.typnotnull)            AS "isNullable",
         attribute.attidentity <> ''
           OR coalesce(pg_catalog.pg_get_expr(def.adbin, def.adrelid) LIKE '%nextval(%', false) AS "isAutoIncrement"
    FROM unnest($1::pg_catalog.oid[], $2::int2[]) AS asked (relation, number)
    JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = asked.relation AND attribute.attnum = asked.number
    JOIN pg_catalog.pg_class     AS relation  ON relation.oid = attribute.attrelid
    JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = relation.relnamespace
    JOIN pg_catalog.pg_type      AS type      ON type.oid = attribute.atttypid
    LEFT JOIN pg_catalog.pg_attrdef AS def    ON def.adrelid = attribute.attrelid AND def.adnum = attribute.attnum`;

/** How often a session has discarded its prepared statements. The count is part of their names. */
const discards = new WeakMap<PoolClient, number>();

/** Must run after a statement that may discard the session's prepared statements. */
export function noteDiscard(client: PoolClient): void {
  discards.set(client, (discards.get(client) ?? 0) + 1);
}

/** The table's column behind each field; null for one that is computed. */
export async function tableColumnsOf(
  client: PoolClient,
  fields: readonly FieldDef[],
): Promise<readonly (TableColumn | null)[]> {
  const ofTables = fields.filter(({ tableID }) => tableID !== 0);
  if (ofTables.length === 0) return fields.map(() => null);
  const { rows } = await client.query<TableColumn & { readonly key: string }>({
    // Planned once a session, which takes most of its time.
    name: `rds-data-local columns ${discards.get(client) ?? 0}`,
    text: columnsQuery,
    values: [ofTables.map(({ tableID }) => tableID), ofTables.map(({ columnID }) => columnID)],
  });
  const columns = new Map(rows.map(({ key, ...column }) => [key, column]));
  return fields.map(({ tableID, columnID }) => columns.get(`${tableID}:${columnID}`) ?? null);
}

/** The type of each field. In addition to PostgreSQL's own, the service returns enumerations.
 *  @throws DataApiError UnsupportedResultException for any other */
export async function resultTypesOf(client: PoolClient, fields: readonly FieldDef[]): Promise<readonly ResultType[]> {
  const unknown = fields.map(({ dataTypeID }) => dataTypeID).filter((oid) => !builtinTypes.has(oid));
  const enums = unknown.length === 0 ? new Map<number, ResultType>() : await enumsOf(client, unknown);
  return fields.map(({ dataTypeID }) => {
    const type = builtinTypes.get(dataTypeID) ?? enums.get(dataTypeID);
    if (type) return type;
    const [builtin] = Object.entries(types.builtins).find(([, oid]) => oid === dataTypeID) ?? [];
    throw new DataApiError(
      'UnsupportedResultException',
      `The result contains the unsupported data type ${builtin ?? `with the OID ${dataTypeID}`}.`,
    );
  });
}

async function enumsOf(client: PoolClient, oids: readonly number[]): Promise<ReadonlyMap<number, ResultType>> {
  const { rows } = await client.query<{ oid: number; array: number; name: string }>(
    `SELECT oid, typarray AS array, typname AS name
       FROM pg_catalog.pg_type
      WHERE typtype = 'e' AND (oid = ANY ($1::pg_catalog.oid[]) OR typarray = ANY ($1::pg_catalog.oid[]))`,
    [oids],
  );
  return new Map(
    rows.flatMap(({ oid, array, name }) => [[oid, enumOf(name)] as const, [array, arrayOf(enumOf(name))] as const]),
  );
}
