import * as z from 'zod';
import { inHalves } from '../contract/batch.ts';
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

/** Stores links. @returns the outcome of each, in the given order */
export async function linkTrades(database: Database, links: readonly object[]): Promise<z.output<typeof Outcome>[]> {
  const rows = await inHalves(links, (part) =>
    database.many(
      OutcomeRow,
      sql`SELECT outcome FROM jsonb_array_elements(link_trades(${JSON.stringify(part)}::jsonb)) AS outcome`,
    ),
  );
  return rows.map(({ outcome }) => outcome).sort((a, b) => a.index - b.index);
}

export function tradeLinks(database: Database, botId: string, orderIds: readonly string[]): Promise<TradeLink[]> {
  return database.many(
    TradeLinkRow,
    sql`SELECT ${columns}
        FROM trade_strategy_link
        WHERE bot_id = ${botId} AND order_id IN (SELECT jsonb_array_elements_text(${JSON.stringify(orderIds)}::jsonb))
        ORDER BY order_id`,
  );
}

export function tradeLink(database: Database, botId: string, orderId: string): Promise<TradeLink | null> {
  return database.maybeOne(
    TradeLinkRow,
    sql`SELECT ${columns}
        FROM trade_strategy_link
        WHERE bot_id = ${botId} AND order_id = ${orderId}`,
  );
}
