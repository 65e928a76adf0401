import { sqlFile } from '../sql-file.ts';
import { constantsSql } from './constants.ts';

/** A part of the schema. */
export interface SqlPart {
  readonly name: string;
  readonly text: string;
}

/** Everything needed to create a database of this release, or to upgrade an older one to it. */
export interface Schema {
  /** In order. Files named `tables.sql` run only on a new database; all others are recreated whenever one of them differs. */
  readonly parts: readonly SqlPart[];
  /** In order. Each is applied once, to databases that are older than it; `tables.sql` has the resulting tables. */
  readonly migrations: readonly SqlPart[];
}

const part = (name: string): SqlPart => ({ name, text: sqlFile(name) });

/** The whole schema, in order: SQL functions may only use what is listed before them. */
export const schema: Schema = {
  parts: [
    part('database/sql/tables.sql'),
    { name: 'database/constants', text: constantsSql },
    part('database/sql/calendar.sql'),
    part('database/sql/writes.sql'),

    part('snapshots/sql/tables.sql'),
    part('trade-links/sql/tables.sql'),
    part('trades/sql/tables.sql'),
    part('summaries/sql/tables.sql'),
    part('experiments/sql/tables.sql'),
    part('report/sql/tables.sql'),
    part('service/sql/tables.sql'),

    part('snapshots/sql/views.sql'),
    part('snapshots/sql/active_snapshot.sql'),

    part('trade-links/sql/merged_link.sql'),
    part('trades/sql/views.sql'),
    part('trades/sql/open_positions.sql'),
    part('trades/sql/unmatched_orders.sql'),
    part('trades/sql/attribution.sql'),
    part('trades/sql/trades.sql'),
    part('trades/sql/forget_orders.sql'),
    part('trades/sql/matching_state.sql'),
    part('trades/sql/write_matching.sql'),
    part('trades/sql/corrections.sql'),
    part('trades/sql/reconciliations.sql'),
    part('trade-links/sql/link_trades.sql'),

    part('snapshots/sql/answers.sql'),
    part('snapshots/sql/save_snapshot.sql'),
    part('snapshots/sql/roll_back_snapshot.sql'),
    part('snapshots/sql/edit_notes.sql'),

    part('experiments/sql/replace_experiment_days.sql'),
    part('experiments/sql/start_experiment.sql'),
    part('summaries/sql/mark_calendar.sql'),
    part('summaries/sql/replace_summaries.sql'),
    part('summaries/sql/runs.sql'),
    part('comparison/sql/snapshot_performance.sql'),
    part('comparison/sql/strategy_comparison.sql'),
    part('service/sql/report_outbox.sql'),
    part('service/sql/set_bot.sql'),
    part('report/sql/deliveries.sql'),
    part('report/sql/report_due.sql'),
    part('report/sql/mailed_verdicts.sql'),
    part('report/sql/blocked_recipients.sql'),
  ],
  migrations: [],
};
