import { statSync } from 'node:fs';
import { constants, DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { InexactNumber } from '../../../functions/contract/json.ts';
import type { Row } from '../format.ts';
import { LONGEST_VALUE } from './limits.ts';
import { reading } from './reading.ts';

const { SQLITE_OK, SQLITE_DENY, SQLITE_SELECT, SQLITE_READ, SQLITE_PRAGMA } = constants;

/** The tables of a database in SQLite. */
export interface SqliteFile {
  /** The names of a table's columns; null where there is no such table.
   *  @throws Error when it is damaged, or computes what it has */
  readonly columnsOf: (table: string) => readonly string[] | null;
  /** The rows of a table that `columnsOf` has checked, one at a time. Binary values are null.
   *  @param clause the SQL that follows the name of the table
   *  @throws Error when a value is longer than the limit */
  readonly rowsOf: (table: string, clause?: string) => Generator<Row>;
  readonly close: () => void;
}

/** Opens a database in SQLite, which is not trusted. SQLite cannot end a statement that takes too long, so only those are allowed that take a
 *  time in proportion to the file: they read plain columns of plain tables. Views, virtual tables, computed columns and functions, by which
 *  a file could compute for ever, are refused.
 *  @throws Error when it cannot be opened */
export function openSqlite(path: string): SqliteFile {
  // Opening a pipe would wait for its other end.
  if (!statSync(path).isFile()) throw new Error(`${path} is not a file`);
  const database = new DatabaseSync(path, {
    ...{ readOnly: true, defensive: true, limits: { length: LONGEST_VALUE, attach: 0 } },
  });
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA ignore_check_constraints = ON');
  database.setAuthorizer((action, name, _column, _database, view) => {
    const isRead = action === SQLITE_SELECT || (action === SQLITE_READ && view === null);
    const isCheck = action === SQLITE_PRAGMA && (name === 'table_xinfo' || name === 'quick_check');
    return isRead || isCheck ? SQLITE_OK : SQLITE_DENY;
  });

  function columnsOf(table: string): string[] | null {
    const place = `${path} ${table}`;
    const stored = reading(path, () => database.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(table));
    if (stored === undefined) return null;
    if (!/^CREATE TABLE/.test(String(stored.sql)))
      throw new Error(`${place} is a view or a virtual table: copy its rows into a table`);
    const columns = reading(place, () => database.prepare(`PRAGMA table_xinfo(${table})`).all());
    const computed = columns.find(({ hidden }) => hidden !== 0);
    if (computed) throw new Error(`${place} has the computed column ${computed.name}: copy its rows into a table`);
    // Pages that belong to several places would make a small file endless.
    const [found] = reading(place, () => database.prepare(`PRAGMA quick_check(${table})`).all());
    if (found?.quick_check !== 'ok') throw new Error(`${place} is damaged: ${found?.quick_check}`);
    return columns.map(({ name }) => String(name));
  }

  function* rowsOf(table: string, clause = ''): Generator<Row> {
    const rows = reading(`${path} ${table}`, () => {
      const statement = database.prepare(`SELECT * FROM ${table} ${clause}`);
      statement.setReadBigInts(true);
      return statement.iterate();
    });
    for (let number = 1; ; number += 1) {
      const { done, value } = reading(`${path} ${table} row ${number}`, () => rows.next());
      if (done) return;
      yield Object.fromEntries(Object.entries(value).map(([name, stored]) => [name, readable(stored)]));
    }
  }

  return { columnsOf, rowsOf, close: () => database.close() };
}

/** A value as a row of another source has it. An integer that a double does not represent keeps its digits. */
function readable(stored: SQLOutputValue): unknown {
  if (stored instanceof Uint8Array) return null;
  if (typeof stored !== 'bigint') return stored;
  return Number.isSafeInteger(Number(stored)) ? Number(stored) : new InexactNumber(String(stored));
}
