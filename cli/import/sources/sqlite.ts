import { InexactNumber } from '../../../functions/contract/json.ts';
import { botNameIn } from '../../freqtrade/bot-name.ts';
import { plain } from '../decimal.ts';
import type { Row } from '../format.ts';
import { OLD_TABLES } from './postgres.ts';
import { openSqlite, type SqliteFile } from './sqlite-file.ts';
import type { Table } from './table.ts';

/** The tables of Hummingbot's database that are imported. */
const HUMMINGBOT_TABLES = ['TradeFill', 'FundingPayment', 'Controllers'];

/** The tables that are imported, of freqtrade, of Hummingbot and of the old bot. */
export const IMPORTED_TABLES = ['trades', ...HUMMINGBOT_TABLES, ...OLD_TABLES];

/** Tables of a database in SQLite; trades of freqtrade with their orders. */
export async function* sqliteTables(path: string, wanted: readonly string[] = IMPORTED_TABLES): AsyncGenerator<Table> {
  const file = openSqlite(path);
  try {
    let isEmpty = true;
    for (const table of wanted) {
      const columns = file.columnsOf(table);
      if (columns === null) continue;
      isEmpty = false;
      yield { name: `${path} ${table}`, columns: new Set(columns), rows: rowsOf(file, table) };
    }
    if (isEmpty) throw new Error(`${path} has none of the tables ${wanted.join(', ')}`);
  } finally {
    file.close();
  }
}

async function* rowsOf(file: SqliteFile, table: string): AsyncGenerator<Row> {
  const orders = table === 'trades' ? file.columnsOf('orders') : null;
  if (orders?.includes('ft_trade_id')) yield* tradesOf(file, orders.includes('ft_is_open') ? botNameIn(file) : null);
  else for (const row of file.rowsOf(table)) yield table === 'TradeFill' ? fillOf(row) : row;
}

/** Trades with their orders, both in the order of the trades, since a search for those of each trade takes long without an index. */
function* tradesOf(file: SqliteFile, bot_name: string | null): Generator<Row> {
  const orders = file.rowsOf('orders', 'ORDER BY ft_trade_id, id');
  let next = orders.next();
  for (const trade of file.rowsOf('trades', 'ORDER BY id')) {
    const own: Row[] = [];
    for (; !next.done && Number(next.value.ft_trade_id) <= Number(trade.id); next = orders.next())
      if (next.value.ft_trade_id === trade.id) own.push(next.value);
    yield { ...trade, orders: own, ...(bot_name !== null && { bot_name }) };
  }
}

/** Columns that Hummingbot stores as whole millionths. */
const MILLIONTHS = ['price', 'amount', 'trade_fee_in_quote'];
/** A millionth in units of 1e-40, those of a scaled decimal. */
const MILLIONTH = 10n ** 34n;

/** A fill of Hummingbot with its decimals as texts. A number that is not whole is none of Hummingbot's, and has no readable value. */
function fillOf(row: Row): Row {
  const decimals = MILLIONTHS.map((name) => [name, decimalOf(row[name])] as const);
  return { ...row, ...Object.fromEntries(decimals), stored_decimals: '6' };
}

function decimalOf(stored: unknown): unknown {
  if (stored instanceof InexactNumber) return plain(BigInt(stored.source) * MILLIONTH);
  if (typeof stored !== 'number') return stored;
  return Number.isInteger(stored) ? plain(BigInt(stored) * MILLIONTH) : null;
}
