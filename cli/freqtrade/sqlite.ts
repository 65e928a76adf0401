import { existsSync, statSync } from 'node:fs';
import { Failure } from '../failure.ts';
import { sqliteTables } from '../import/sources/sqlite.ts';
import { openSqlite } from '../import/sources/sqlite-file.ts';
import type { Reading, Source } from '../sync/source.ts';
import { botNameIn } from './bot-name.ts';
import { readingOf } from './reading.ts';
import { type FreqtradeTrade, tradeOfRow } from './trade.ts';

/** The database of freqtrade, which may be running. It is read again when it has changed.
 *  @param name the bot's name, by default the one that its strategy has stored there (strategy_snapshots/freqtrade.py) */
export function freqtradeDatabase(path: string, name: string | undefined): Source {
  let [last, reading]: [string, Reading | null] = ['', null];
  return {
    async read(_isFirst, onTrades) {
      if (!existsSync(path)) throw new Failure(`there is no file ${path}`);
      const state = [path, `${path}-wal`].map(stateOf).join();
      if (reading === null || state !== last) {
        const trades = tradesIn(path);
        reading = await readingOf(name ?? nameIn(path), trades, onTrades);
      }
      last = state;
      return reading;
    },
  };
}

function nameIn(path: string): string {
  const file = openSqlite(path);
  try {
    return botNameIn(file);
  } finally {
    file.close();
  }
}

/** Changes whenever the file is written. */
function stateOf(path: string): string {
  const { mtimeMs = 0, size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
}

/** Columns of the table `trades` in every version of freqtrade. */
const REQUIRED = ['pair', 'is_open', 'open_rate', 'open_date', 'amount', 'fee_open'];

async function* tradesIn(path: string): AsyncGenerator<() => FreqtradeTrade> {
  try {
    for await (const { name, columns, rows } of sqliteTables(path)) {
      if (name.endsWith(' TradeFill')) throw new Failure(`${path} is a database of Hummingbot, not of freqtrade`);
      if (!name.endsWith(' trades')) continue;
      const missing = REQUIRED.filter((column) => !columns.has(column));
      if (missing.length > 0)
        throw new Failure(`${path} is not a database of freqtrade: its table trades has no ${missing.join(', ')}`);
      for await (const row of rows) yield () => tradeOfRow(row);
      return;
    }
    throw new Failure(`${path} is not a database of freqtrade: it has no table trades`);
  } catch (error) {
    if (error instanceof Failure || !(error instanceof Error)) throw error;
    throw new Failure(`${path} cannot be read as a database of freqtrade: ${error.message}`);
  }
}
