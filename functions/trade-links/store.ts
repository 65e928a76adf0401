import * as z from 'zod';
import { answered } from '../contract/batch.ts';
import { document } from '../contract/fields.ts';
import { integer, number } from '../database/columns.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { LinkResult, type TradeLink } from './contract.ts';

const TradeLinkRow = z.object({
  bot_id: z.string(),
  order_id: z.string().nullable(),
  client_order_id: z.string().nullable(),
  snapshot_id: integer.nullable(),
  buy_score: number.nullable(),
  sell_score: number.nullable(),
  trigger_type: z.string().nullable(),
  exit_reason: z.string().nullable(),
  indicators_fired: z.int().nullable(),
  indicator_breakdown: document.nullable(),
  signal_time: z.string().nullable(),
  config_hash: z.string().nullable(),
  settings: document.nullable(),
  created_at: z.string(),
}) satisfies z.ZodType<TradeLink>;

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
    sql`SELECT bot_id, order_id, client_order_id, snapshot_id, buy_score, sell_score, trigger_type, exit_reason, indicators_fired,
          indicator_breakdown, signal_time, config_hash, settings, created_at
        FROM trade_strategy_link
        WHERE bot_id = ${botId} AND order_id = ${orderId}`,
  );
}
