import * as z from 'zod';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';

/** The bots that these snapshots, experiments and trades belong to; a parallel test belongs to two. */
export async function ownersOf(database: Database, ids: readonly string[]): Promise<string[]> {
  const rows = await database.many(
    z.object({ bot_id: z.string() }),
    sql`SELECT DISTINCT owner.bot_id
        FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) AS given
        CROSS JOIN LATERAL (
          SELECT bot_id FROM strategy_snapshots WHERE snapshot_id = given::uuid
          UNION ALL
          SELECT bot_id FROM experiments WHERE experiment_id = given::uuid
          UNION ALL
          SELECT candidate_bot_id FROM experiments WHERE experiment_id = given::uuid AND candidate_bot_id IS NOT NULL
          UNION ALL
          SELECT bot_id FROM trades WHERE trade_id = given::uuid
        ) AS owner`,
  );
  return rows.map(({ bot_id }) => bot_id);
}
