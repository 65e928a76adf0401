import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure, unreadable } from '../../failure.ts';
import { csvTable } from './csv.ts';
import { jsonTable } from './json.ts';
import { peeked } from './peeked.ts';
import { postgresTables } from './postgres.ts';
import { IMPORTED_TABLES, sqliteTables } from './sqlite.ts';
import type { Table } from './table.ts';
import { textOf } from './text.ts';

/** The tables of a source, whose type its first bytes show, not its name.
 *  @param wanted the tables of a database in SQLite
 *  @throws Error when it cannot be read or is empty */
export async function* tablesIn(source: string, wanted: readonly string[] = IMPORTED_TABLES): AsyncGenerator<Table> {
  if (/^postgres(ql)?:\/\//.test(source)) return yield* postgresTables(source);
  // A pipe would be waited for, and a device may have no end.
  if (!(await stat(source).catch(unreadable(source))).isFile()) throw new Failure(`${source} is not a file`);
  const begins = await firstBytes(source).catch(unreadable(source));
  if (begins.startsWith('SQLite format 3')) return yield* sqliteTables(source, wanted);
  if (begins.startsWith('PK')) throw new Error(`${source} is a ZIP archive: unpack it first`);
  const { first, all } = await peeked(textOf(source, begins.startsWith('\x1f\x8b')));
  const name = basename(source);
  const table = /^\s*[{[]/.test(first ?? '') ? await jsonTable(name, all) : await csvTable(name, all);
  if (table.columns.size === 0) throw new Error(`${source} has no records`);
  yield table;
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
