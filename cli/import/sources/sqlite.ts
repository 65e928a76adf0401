import { DatabaseSync } from 'node:sqlite';
import { botNameIn } from '../../freqtrade/bot-name.ts';
import { plain } from '../decimal.ts';
import type { Row } from '../format.ts';
import { OLD_TABLES } from './postgres.ts';
import type { Table } from './table.ts';

/** The tables of Hummingbot's database that are imported. */
const HUMMINGBOT_TABLES = ['TradeFill', 'FundingPayment', 'Controllers'];

/** The tables that are imported, of freqtrade, of Hummingbot and of the old bot. */
export const IMPORTED_TABLES = ['trades', ...HUMMINGBOT_TABLES, ...OLD_TABLES];

/** Tables of a database in SQLite; trades of freqtrade with their orders. */
export async function* sqliteTables(path: string, wanted: readonly string[] = IMPORTED_TABLES): AsyncGenerator<Table> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const has = (table: string) =>
      database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined;
    const tables = wanted.filter(has);
    if (tables.length === 0) throw new Error(`${path} has none of the tables ${wanted.join(', ')}`);
    for (const table of tables) {
      const columns = columnsOf(database, table);
      const rows =
        table === 'TradeFill' ? fillsOf(database) : rowsOf(database, table, table === 'trades' && has('orders'));
      yield { name: `${path} ${table}`, columns: new Set(columns), rows };
    }
  } finally {
    database.close();
  }
}

async function* rowsOf(database: DatabaseSync, table: string, withOrders: boolean): AsyncGenerator<Row> {
  const orders = withOrders && database.prepare('SELECT * FROM orders WHERE ft_trade_id = ? ORDER BY id');
  const bot_name = withOrders && columnsOf(database, 'orders').includes('ft_is_open') ? botNameIn(database) : null;
  for (const row of database.prepare(`SELECT * FROM ${table}`).iterate())
    yield orders ? { ...row, orders: orders.all(row.id ?? null), ...(bot_name !== null && { bot_name }) } : row;
}

const columnsOf = (database: DatabaseSync, table: string): string[] =>
  database
    .prepare(`PRAGMA table_info(${table})`)
    .all()
    .map(({ name }) => String(name));

/** Columns that Hummingbot stores as whole millionths. */
const MILLIONTHS = ['price', 'amount', 'trade_fee_in_quote'];
/** A millionth in units of 1e-40, those of a scaled decimal. */
const MILLIONTH = 10n ** 34n;

async function* fillsOf(database: DatabaseSync): AsyncGenerator<Row> {
  const statement = database.prepare('SELECT * FROM TradeFill');
  statement.setReadBigInts(true);
  for (const row of statement.iterate()) {
    const decimals = MILLIONTHS.map((name) => {
      const value = row[name];
      const isNumber = typeof value === 'bigint' || typeof value === 'number';
      return [name, isNumber ? plain(BigInt(value) * MILLIONTH) : value] as const;
    });
    yield { ...row, ...Object.fromEntries(decimals), stored_decimals: '6' };
  }
}
