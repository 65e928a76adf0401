import { type Case, parameter, refused, statement } from '../case.ts';

/** From the integration tests of jeremydaly/data-api-client (MIT), which run against Aurora PostgreSQL. */
const users = `CREATE TABLE users (
  id serial PRIMARY KEY, name varchar(255) NOT NULL, email varchar(255) UNIQUE NOT NULL, age int)`;
const insertUser = 'INSERT INTO users (name, email, age) VALUES (:name, :email, :age) RETURNING id';
const user = (name: string, age: number): object[] => [
  parameter('name', { stringValue: name }),
  parameter('email', { stringValue: `${name}@example.com` }),
  parameter('age', { longValue: age }),
];
const counted = ['CREATE TABLE counted AS SELECT generate_series(1, 3) AS n'];

export const statements: readonly Case[] = [
  {
    name: 'a row is inserted, updated and read',
    setup: [users],
    steps: [
      statement(insertUser, { records: [[{ longValue: 1 }]] }, { parameters: user('carol', 50) }),
      statement(
        'UPDATE users SET age = :age WHERE id = :id',
        { updated: 1 },
        { parameters: [parameter('age', { longValue: 51 }), parameter('id', { longValue: 1 })] },
      ),
      statement(
        'SELECT age FROM users WHERE id = :id',
        { records: [[{ longValue: 51 }]] },
        { parameters: [parameter('id', { longValue: 1 })] },
      ),
    ],
  },
  {
    name: 'updated rows are counted, but not with RETURNING',
    setup: counted,
    steps: [
      statement('UPDATE counted SET n = n + 1', { updated: 3 }),
      statement('DELETE FROM counted RETURNING n', { updated: 0, rows: 3 }),
    ],
  },
  {
    name: 'a batch returns the rows of RETURNING as generated fields',
    setup: [users],
    steps: [
      {
        path: '/BatchExecute',
        request: { sql: insertUser, parameterSets: [user('alice', 30), user('bob', 25)] },
        expect: {
          updateResults: [{ generatedFields: [{ longValue: 1 }] }, { generatedFields: [{ longValue: 2 }] }],
        },
      },
      statement('SELECT count(*) FROM users', { records: [[{ longValue: 2 }]] }),
    ],
  },
  {
    name: 'a batch is atomic',
    setup: ['CREATE TABLE kept (n int PRIMARY KEY)'],
    steps: [
      {
        path: '/BatchExecute',
        request: {
          sql: 'INSERT INTO kept VALUES (:n)',
          parameterSets: [[parameter('n', { longValue: 3 })], [parameter('n', { longValue: 3 })]],
        },
        expect: refused('DatabaseErrorException', /SQLState: 23505$/),
      },
      statement('SELECT count(*) FROM kept', { records: [[{ longValue: 0 }]] }),
    ],
  },
  // cloud-utils/aurora-data-api (Apache-2.0), against Aurora PostgreSQL.
  { name: '2,048 rows are one result', steps: [statement('SELECT generate_series(1, 2048)', { rows: 2048 })] },
  {
    name: 'a call has one statement, and may end it with a semicolon',
    steps: [
      statement('SELECT 1;', { records: [[{ longValue: 1 }]] }),
      statement('SELECT 1; SELECT 2', refused('ValidationException', /multistatement/i)),
    ],
  },
  {
    name: 'a statement has 65,536 characters at most',
    steps: [
      statement('SELECT 1'.padEnd(65_536), { records: [[{ longValue: 1 }]] }),
      statement('SELECT 1'.padEnd(65_537), { error: { names: ['BadRequestException', 'ValidationException'] } }),
    ],
  },
  {
    name: 'the parameter schema is refused',
    steps: [
      statement('SELECT 1', { error: { names: ['BadRequestException', 'ValidationException'] } }, { schema: 'public' }),
    ],
  },
  {
    name: 'a setting lasts for one call',
    steps: [
      statement("SET timezone TO 'Asia/Tokyo'", {}),
      statement("SELECT '2026-11-22 08:00:00+00'::timestamptz", {
        records: [[{ stringValue: '2026-11-22 08:00:00' }]],
      }),
    ],
  },
];
