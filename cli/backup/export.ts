import * as z from 'zod';
import type { Connection } from '../../functions/database/data-api.ts';
import { statement } from '../../functions/database/sql.ts';
import { FORMAT, type TableRow, writeExport } from './file.ts';
import { RELEASE } from './release.ts';
import { rowsOf } from './rows.ts';
import { migrationsOf, tablesOf } from './tables.ts';
import { inLongTransaction } from './transaction.ts';

/** Writes all rows of a database as JSON lines: a consistent state, even during concurrent writes.
 *  @returns how many rows */
export function exportTo(
  connection: Connection,
  path: string,
  { exportedAt, onRows }: { exportedAt: string; onRows: (rows: number, table: string) => void },
): Promise<number> {
  return inLongTransaction(connection, async (database) => {
    await database.many(z.unknown(), statement('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY'));
    const migrations = await migrationsOf(database);
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
    return writeExport(
      path,
      { export: 'strategy-snapshots', format: FORMAT, release: RELEASE, exported_at: exportedAt, migrations },
      everything(),
    );
  });
}
