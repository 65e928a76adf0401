import type { DatabaseSync } from 'node:sqlite';

/** The `bot_name` of a configuration that does not name one. */
const DEFAULT_NAME = 'freqtrade';

/** The name of the bot whose database this is: the one that its strategy has stored there (strategy_snapshots/freqtrade.py), or freqtrade's
 *  default. */
export function botNameIn(database: DatabaseSync): string {
  try {
    const stored = database
      .prepare(
        "SELECT cd_value FROM trade_custom_data WHERE cd_key = 'strategy_snapshots_name' ORDER BY id DESC LIMIT 1",
      )
      .get();
    return stored ? String(stored.cd_value) : DEFAULT_NAME;
  } catch {
    // It is of a version without such a table.
    return DEFAULT_NAME;
  }
}
