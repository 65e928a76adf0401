import { type Case, parameter, refused, statement } from '../case.ts';

/** Messages that clients recorded: cloud-utils/aurora-data-api (Apache-2.0) and a pgwire proxy over the Data API. */
const failing: readonly (readonly [sql: string, message: RegExp])[] = [
  ['selec * from table', /^ERROR: syntax error at or near "selec"; Position: 1; SQLState: 42601$/],
  ['SELECT * FROM missing', /^ERROR: relation "missing" does not exist; Position: 15; SQLState: 42P01$/],
  ['SELECT 1/0', /^ERROR: division by zero; SQLState: 22012$/],
  [
    'INSERT INTO people VALUES (1, NULL)',
    /^ERROR: null value in column "name" of relation "people" violates not-null constraint; SQLState: 23502$/,
  ],
];
const people = 'CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL)';

export const errors: readonly Case[] = [
  ...failing.map(
    ([sql, message]): Case => ({
      name: `${sql} fails with PostgreSQL's message`,
      setup: [people],
      steps: [statement(sql, refused('DatabaseErrorException', message))],
    }),
  ),
  {
    // jeremydaly/data-api-client (MIT)
    name: 'a foreign key violation has its SQLSTATE',
    setup: [people, 'CREATE TABLE posts (author int NOT NULL REFERENCES people)'],
    steps: [
      statement(
        'INSERT INTO posts VALUES (:author)',
        refused('DatabaseErrorException', /violates foreign key constraint.*SQLState: 23503$/),
        { parameters: [parameter('author', { longValue: 9999 })] },
      ),
    ],
  },
];
