import { type Case, statement } from '../case.ts';

const described = { includeResultMetadata: true };

/** The service uses the terms of PostgreSQL's JDBC driver. */
export const metadata: readonly Case[] = [
  {
    // jeremydaly/data-api-client (MIT)
    name: 'computed columns have a label and a type',
    steps: [
      statement(
        "SELECT 1 AS num, 'test' AS str",
        {
          records: [[{ longValue: 1 }, { stringValue: 'test' }]],
          columns: [
            { name: 'num', label: 'num', typeName: 'int4', type: 4, isSigned: true, precision: 10, tableName: '' },
            { name: 'str', label: 'str', typeName: 'text', type: 12, isSigned: false, isCaseSensitive: true },
          ],
        },
        described,
      ),
    ],
  },
  {
    name: 'columns of a table have the metadata of the catalog',
    setup: [
      `CREATE TABLE described (
         id serial PRIMARY KEY, price numeric(12, 4) NOT NULL, name varchar(20), at timestamptz(3), tags text[])`,
    ],
    steps: [
      statement(
        'SELECT id, price AS cost, name, at, tags FROM described',
        {
          rows: 0,
          columns: [
            { name: 'id', typeName: 'serial', type: 4, isAutoIncrement: true, nullable: 0, tableName: 'described' },
            { label: 'cost', typeName: 'numeric', type: 2, precision: 12, scale: 4, nullable: 0, isSigned: true },
            { name: 'name', typeName: 'varchar', type: 12, precision: 20, nullable: 1, isCaseSensitive: true },
            { name: 'at', typeName: 'timestamptz', type: 93, scale: 3, nullable: 1, isCaseSensitive: false },
            { name: 'tags', typeName: '_text', type: 2003, arrayBaseColumnType: 12, isAutoIncrement: false },
          ],
        },
        described,
      ),
    ],
  },
  {
    name: 'two columns may share a name',
    steps: [
      statement(
        "SELECT 1 AS a, 'x'::text AS a",
        {
          columns: [
            { name: 'a', typeName: 'int4' },
            { name: 'a', typeName: 'text' },
          ],
        },
        described,
      ),
    ],
  },
  {
    name: 'records are formatted as JSON on demand',
    steps: [
      statement(
        "SELECT 1 AS n, 1.50 AS d, 2.5::float8 AS f, true AS yes, NULL AS nothing, '{a,b}'::text[] AS list, '2026-11-22'::date AS day",
        { formatted: [{ n: 1, d: '1.50', f: 2.5, yes: true, nothing: null, list: ['a', 'b'], day: '2026-11-22' }] },
        { formatRecordsAs: 'JSON' },
      ),
      statement(
        'SELECT 1 AS n, 1.50 AS d',
        { formatted: [{ n: '1', d: 1.5 }] },
        {
          formatRecordsAs: 'JSON',
          resultSetOptions: { longReturnType: 'STRING', decimalReturnType: 'DOUBLE_OR_LONG' },
        },
      ),
      statement('SELECT 1 AS n WHERE false', { formatted: [] }, { formatRecordsAs: 'JSON' }),
    ],
  },
];
