import type { Row, RowContext } from '../import/format.ts';
import { hummingbotFunding } from '../import/formats/hummingbot-funding.ts';
import { recognised } from '../import/formats.ts';
import { instantsIn } from '../import/instants.ts';
import { reading } from '../import/sources/reading.ts';
import { tablesIn } from '../import/sources/tables.ts';
import type { Claim, Claims, Payment } from './claim.ts';
import { freqtradeClaim } from './freqtrade-claims.ts';
import { hummingbotClaim } from './hummingbot-claims.ts';

/** Trades of freqtrade; executors of Hummingbot, and before them the funding that their P&L leaves out. */
const TABLES = ['trades', 'FundingPayment', 'Executors'];

interface ReadClaims {
  readonly timeZone: string;
  /** Only this run of a file with several backtests. */
  readonly run: string | undefined;
}

/** Reads what the bot's own tool states of its trades.
 *  @throws Error when the file has neither trades of freqtrade nor executors of Hummingbot */
export async function claimsIn(path: string, { timeZone, run }: ReadClaims): Promise<Claims> {
  const [claims, open]: [Claim[], Claim[]] = [[], []];
  const payments: Payment[] = [];
  let [source, skipped] = ['', 0];
  for await (const table of tablesIn(path, TABLES)) {
    if (hummingbotFunding.missing(table.columns).length === 0) {
      let payment = 0;
      for await (const row of table.rows)
        payments.push(reading(`${table.name} row ${++payment}`, () => paymentOf(row)));
      continue;
    }
    const read = readerOf(table.columns, payments);
    if (read === null) continue;
    source = read.source;
    let number = 0;
    for await (const row of table.rows) {
      number += 1;
      if (run !== undefined && row.run_id !== run) continue;
      const context = { number, instant: instantsIn(timeZone), nth: () => 1 };
      const claim = reading(`${table.name} row ${number}`, () => read.claimOf(row, context));
      if (claim.isOpen) open.push(claim);
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
  readonly claimOf: (row: Row, context: RowContext) => Claim;
}

const paymentOf = ({ symbol, timestamp, amount }: Row): Payment => ({
  symbol: String(symbol),
  at: new Date(Number(timestamp)).toISOString(),
  received: Number(amount),
});

function readerOf(columns: ReadonlySet<string>, payments: readonly Payment[]): Reader | null {
  if (columns.has('net_pnl_quote')) return { source: 'Hummingbot', claimOf: (row) => hummingbotClaim(row, payments) };
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
