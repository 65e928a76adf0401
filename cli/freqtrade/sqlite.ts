import { existsSync } from 'node:fs';
import { Failure } from '../failure.ts';
import { sqliteTables } from '../import/sources/sqlite.ts';
import type { Source } from '../sync/source.ts';
import { readingOf } from './reading.ts';
import { type FreqtradeTrade, tradeOfRow } from './trade.ts';

/** The database of freqtrade, which may be running. It does not contain the bot's name. */
export const freqtradeDatabase = (path: string, name: string): Source => ({
  async read(onTrades) {
    if (!existsSync(path)) throw new Failure(`there is no file ${path}`);
    return readingOf(name, tradesIn(path), onTrades);
  },
});

async function* tradesIn(path: string): AsyncGenerator<() => FreqtradeTrade> {
  for await (const { name, columns, rows } of sqliteTables(path)) {
    if (!name.endsWith(' trades')) continue;
    if (!columns.has('open_rate') || !columns.has('pair'))
      throw new Failure(`${path} is not a database of freqtrade: its table trades has no open_rate and pair`);
    for await (const row of rows) yield () => tradeOfRow(row);
    return;
  }
  throw new Failure(`${path} is not a database of freqtrade: it has no table trades`);
}
