import type { DatabaseSync } from 'node:sqlite';
import { counted } from '../../functions/formatting.ts';
import type { Fill } from '../../functions/trades/contract.ts';
import { symbolParts, usdPerQuote } from '../../functions/trades/symbol.ts';
import { difference, product } from './decimal.ts';
import { note, rows } from './staging.ts';

interface Payment {
  readonly bot_id: string;
  readonly symbol: string;
  readonly received: string;
  readonly at: string;
}

/** Adds each funding payment to the costs of the first fill after it that closes a position of its symbol. */
export function applyFunding(staging: DatabaseSync): void {
  const payments = rows<Payment>(staging, 'SELECT * FROM funding ORDER BY at');
  if (payments.length === 0) return;
  const closing = staging.prepare(
    `SELECT rowid, body FROM fills
     WHERE bot_id = ? AND symbol = ? AND filled_at >= ?
       AND CASE json_extract(body, '$.position_side') WHEN 'long' THEN side = 'sell' WHEN 'short' THEN side = 'buy' ELSE true END
     ORDER BY filled_at, fill_id LIMIT 1`,
  );
  const replace = staging.prepare('UPDATE fills SET body = ? WHERE rowid = ?');
  let waiting = 0;
  for (const { bot_id, symbol, received, at } of payments) {
    const found = closing.get(bot_id, symbol, at);
    if (found === undefined) {
      waiting += 1;
      continue;
    }
    replace.run(JSON.stringify(withFunding(JSON.parse(String(found.body)), received)), Number(found.rowid));
  }
  const open =
    waiting > 0
      ? `; ${counted(waiting, 'payment')} of positions that are still open will be added when they close`
      : '';
  note(
    staging,
    `Funding: ${counted(payments.length - waiting, 'payment')} ${payments.length - waiting === 1 ? 'is' : 'are'} part of the costs of the fill that closed the position${open}.`,
  );
}

function withFunding(fill: Fill, received: string): Fill {
  const usd = usdPerQuote(fill.symbol, fill.quote_usd);
  const { fee: _, ...rest } = fill;
  return { ...rest, fee_usd: difference(feeInUsd(fill, usd), product(received, usd)) };
}

/** The fee of a staged fill in USD; a missing one counts as 0. */
function feeInUsd({ symbol, price, fee, fee_usd }: Fill, usd: string | null): string {
  if (!fee) return fee_usd ?? '0';
  const inQuote = fee.currency.toUpperCase() === symbolParts(symbol).base ? product(fee.amount, price) : fee.amount;
  return product(inQuote, usd) ?? '0';
}
