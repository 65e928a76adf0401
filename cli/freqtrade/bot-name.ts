import type { SqliteFile } from '../import/sources/sqlite-file.ts';

/** The `bot_name` of a configuration that does not name one. */
const DEFAULT_NAME = 'freqtrade';

/** The name of the bot whose database this is: the one that its strategy has stored there (strategy_snapshots/freqtrade.py), or freqtrade's
 *  default, as in versions without such a table. */
export function botNameIn(file: SqliteFile): string {
  if (!file.columnsOf('trade_custom_data')?.includes('cd_key')) return DEFAULT_NAME;
  const [stored] = file.rowsOf(
    'trade_custom_data',
    "WHERE cd_key = 'strategy_snapshots_name' ORDER BY id DESC LIMIT 1",
  );
  return stored ? String(stored.cd_value) : DEFAULT_NAME;
}
