import { begin, type Case, commit, inside, outside, refused, rollback, statement } from '../case.ts';

const setup = ['CREATE TABLE kept (n int PRIMARY KEY)'];
const insert = statement('INSERT INTO kept VALUES (1)', { updated: 1 });
const kept = (rows: number) => statement('SELECT count(*) FROM kept', { records: [[{ longValue: rows }]] });
const ended = { error: { names: ['TransactionNotFoundException'] } };

/** jeremydaly/data-api-client, koxudaxi/local-data-api (MIT) and cloud-utils/aurora-data-api (Apache-2.0), and the user guide. */
export const transactions: readonly Case[] = [
  {
    name: 'committed rows are durable and visible to others',
    setup,
    steps: [begin, inside(insert), outside(kept(0)), commit, kept(1)],
  },
  { name: 'rolled back rows are discarded', setup, steps: [begin, inside(insert), rollback, kept(0)] },
  {
    name: 'a transaction that has ended is not found',
    setup,
    steps: [
      begin,
      commit,
      { ...commit, expect: ended },
      { ...rollback, expect: ended },
      { ...inside(insert), expect: ended },
    ],
  },
  {
    name: 'an error ends the transaction',
    setup,
    steps: [
      begin,
      inside(insert),
      inside(statement('INSERT INTO kept VALUES (1)', refused('DatabaseErrorException', /SQLState: 23505$/))),
      inside(
        statement('SELECT 1', {
          // Some clusters keep it until it is rolled back, and refuse every statement: SQLState 25P02.
          error: { names: ['TransactionNotFoundException', 'DatabaseErrorException'] },
        }),
      ),
      kept(0),
    ],
  },
  {
    name: 'a savepoint is ordinary SQL',
    setup,
    steps: [
      begin,
      inside(statement('SAVEPOINT before', {})),
      inside(insert),
      inside(statement('ROLLBACK TO SAVEPOINT before', {})),
      commit,
      kept(0),
    ],
  },
];
