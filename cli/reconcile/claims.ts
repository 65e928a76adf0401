import type { Row, RowContext } from '../import/format.ts';
import { recognised } from '../import/formats.ts';
import { instantsIn } from '../import/instants.ts';
import { tablesIn } from '../import/sources/tables.ts';
import type { Claim, Claims } from './claim.ts';
import { freqtradeClaim } from './freqtrade-claims.ts';
import { hummingbotClaim } from './hummingbot-claims.ts';

interface ReadClaims {
  readonly timeZone: string;
  /** Only this run of a file with several backtests. */
  readonly run: string | undefined;
}

/** Reads what the bot's own tool states of its trades.
 *  @throws Error when the file has neither trades of freqtrade nor executors of Hummingbot */
export async function claimsIn(path: string, { timeZone, run }: ReadClaims): Promise<Claims> {
  const claims: Claim[] = [];
  let [source, open, skipped] = ['', 0, 0];
  for await (const table of tablesIn(path)) {
    const read = readerOf(table.columns);
    if (read === null) continue;
    source = read.source;
    let number = 0;
    for await (const row of table.rows) {
      number += 1;
      if (run !== undefined && row.run_id !== run) continue;
      const claim = read.claimOf(row, { number, instant: instantsIn(timeZone), nth: () => 1 });
      if (claim === null) open += 1;
      else if (claim.order_ids.length === 0) skipped += 1;
      else claims.push(claim);
    }
  }
  if (source === '')
    throw new Error(`${path} has no trades of freqtrade with their P&L and no executors of Hummingbot`);
  return { source, claims, open, skipped };
}

interface Reader {
  readonly source: string;
  readonly claimOf: (row: Row, context: RowContext) => Claim | null;
}

function readerOf(columns: ReadonlySet<string>): Reader | null {
  if (columns.has('net_pnl_quote')) return { source: 'Hummingbot', claimOf: hummingbotClaim };
  const hasPnl = columns.has('close_profit_abs') || columns.has('profit_abs');
  if (!hasPnl || recognisedAs(columns) !== 'freqtrade-trades') return null;
  return { source: 'freqtrade', claimOf: freqtradeClaim };
}

function recognisedAs(columns: ReadonlySet<string>): string | null {
  try {
    return recognised('', columns, undefined).name;
  } catch {
    return null;
  }
}
