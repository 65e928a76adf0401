import { DatabaseSync } from 'node:sqlite';
import type { Row } from '../format.ts';
import { OLD_TABLES } from './postgres.ts';
import type { Table } from './table.ts';

/** The tables of freqtrade's database, each trade with its orders, or the old bot's tables in SQLite. */
export async function* sqliteTables(path: string): AsyncGenerator<Table> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const has = (table: string) =>
      database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined;
    const tables = ['trades', ...OLD_TABLES].filter(has);
    if (tables.length === 0) throw new Error(`${path} has none of the tables trades, ${OLD_TABLES.join(', ')}`);
    for (const table of tables) {
      const columns = database
        .prepare(`PRAGMA table_info(${table})`)
        .all()
        .map(({ name }) => String(name));
      const withOrders = table === 'trades' && has('orders');
      yield { name: `${path} ${table}`, columns: new Set(columns), rows: rowsOf(database, table, withOrders) };
    }
  } finally {
    database.close();
  }
}

async function* rowsOf(database: DatabaseSync, table: string, withOrders: boolean): AsyncGenerator<Row> {
  const orders = withOrders && database.prepare('SELECT * FROM orders WHERE ft_trade_id = ? ORDER BY id');
  for (const row of database.prepare(`SELECT * FROM ${table}`).iterate())
    yield orders ? { ...row, orders: orders.all(row.id ?? null) } : row;
}
