import * as z from 'zod';
import { answered } from '../contract/batch.ts';
import { rowOf } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { sql, statement } from '../database/sql.ts';
import { LinkResult, TradeLink } from './contract.ts';

const TradeLinkRow = rowOf(TradeLink);
const columns = statement(Object.keys(TradeLink.shape).join(', '));

const Outcome = z.discriminatedUnion('status', [
  LinkResult.extend({ index: z.int() }),
  z.object({ index: z.int(), status: z.literal('rejected'), reason: z.string() }),
]);
const OutcomeRow = z.object({ outcome: Outcome });

/** What became of each link, in the order given. */
export async function linkTrades(database: Database, links: readonly object[]): Promise<z.output<typeof Outcome>[]> {
  const rows = await answered(links, (some) =>
    database.many(
      OutcomeRow,
      sql`SELECT outcome FROM jsonb_array_elements(link_trades(${JSON.stringify(some)}::jsonb)) AS outcome`,
    ),
  );
  return rows.map(({ outcome }) => outcome).sort((a, b) => a.index - b.index);
}

export function tradeLink(database: Database, botId: string, orderId: string): Promise<TradeLink | null> {
  return database.maybeOne(
    TradeLinkRow,
    sql`SELECT ${columns}
        FROM trade_strategy_link
        WHERE bot_id = ${botId} AND order_id = ${orderId}`,
  );
}
