import * as z from 'zod';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';

const State = z.object({
  time_zone: z.string(),
  last_summarised_day: z.string().nullable(),
  marked_rows: z.int(),
  pending_matches: z.int(),
});

export function state(database: Database): Promise<z.output<typeof State>> {
  return database.one(
    State,
    sql`SELECT time_zone,
          (SELECT max(least(to_date, trading_day(started_at) - 1)) FROM summary_runs WHERE outcome = 'succeeded' AND trigger <> 'request') AS last_summarised_day,
          (SELECT count(*)::integer FROM marked_days) AS marked_rows,
          (SELECT count(*)::integer FROM pending_matches) AS pending_matches
        FROM trading_calendar`,
  );
}
