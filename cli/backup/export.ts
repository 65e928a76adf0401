import * as z from 'zod';
import { statement } from '../../functions/database/sql.ts';
import { type TableRow, writeExport } from './file.ts';
import { rowsOf } from './rows.ts';
import { stepsOf, tablesOf } from './tables.ts';
import { type Connection, inTransaction } from './transaction.ts';

/** Writes all rows of a database as JSON lines, as of one moment, even if others write meanwhile.
 *  @returns how many rows */
export function exportTo(
  connection: Connection,
  path: string,
  { exportedAt, onRows }: { exportedAt: string; onRows: (rows: number, table: string) => void },
): Promise<number> {
  return inTransaction(connection, async (database) => {
    await database.many(z.unknown(), statement('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY'));
    const steps = await stepsOf(database);
    const tables = await tablesOf(database);
    async function* everything(): AsyncGenerator<TableRow> {
      let count = 0;
      for (const table of tables) {
        for await (const row of rowsOf(database, table)) {
          count += 1;
          if (count % 500 === 0) onRows(count, table.name);
          yield { table: table.name, row };
        }
      }
    }
    return writeExport(path, { export: 'strategy-snapshots', format: 1, exported_at: exportedAt, steps }, everything());
  });
}
