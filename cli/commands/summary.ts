import { count, factor, percent, shortId, usd } from '../../functions/formatting.ts';
import { left, right } from '../../functions/report/document/blocks.ts';
import { listSummaries, type Summary } from '../../functions/summaries/contract.ts';
import { command, sentence } from '../command.ts';
import { serviceOptions } from '../service/location.ts';
import { idOfNamed } from '../snapshot.ts';

/** The most rows that the service returns at once. */
const LIMIT = '500';

/** All columns; a narrow screen shows only the first ones. */
const columns: readonly { readonly label: string; readonly of: (summary: Summary) => string }[] = [
  { label: 'Snapshot', of: ({ snapshot_id }) => shortId(snapshot_id) },
  { label: 'Trades', of: ({ total_trades }) => count(total_trades) },
  { label: 'Win rate', of: ({ win_rate }) => percent(win_rate) },
  { label: 'P&L', of: ({ total_pnl_usd }) => usd(total_pnl_usd) },
  { label: 'Expectancy', of: ({ expectancy_usd }) => usd(expectancy_usd) },
  { label: 'Factor', of: ({ profit_factor }) => factor(profit_factor) },
  { label: 'Fast exits', of: ({ fast_exits_count }) => count(fast_exits_count) },
  { label: 'Drawdown', of: ({ max_drawdown_usd }) => usd(max_drawdown_usd) },
];
const NARROW_COLUMNS = 5;
/** The width of a screen with room for every column. */
const WIDE = 100;

export const summary = command({
  summary: 'List the daily figures of each snapshot, the newest day first',
  options: {
    from: { type: 'string', value: '<day>', help: 'The first day, such as 2026-11-20' },
    to: { type: 'string', value: '<day>', help: 'The last day' },
    snapshot: { type: 'string', value: '<snapshot>', help: 'Only this snapshot' },
  },
  common: serviceOptions,
  examples: { '--from 2026-11-20 --to 2026-11-22': 'Three days' },
  async run({ bot_id, options: { from, to, snapshot } }, { api, width }) {
    const snapshot_id = await idOfNamed(api, bot_id, snapshot);
    const { body: answer } = await api(listSummaries, { query: { bot_id, from, to, snapshot_id, limit: LIMIT } });
    const { summaries, next_cursor } = answer;
    if (summaries.length === 0) return { answer, shown: [sentence('There is no daily summary yet.')] };
    const shown = width < WIDE ? columns.slice(0, NARROW_COLUMNS) : columns;
    const stale = new Set(summaries.filter((each) => each.stale).map(({ date }) => date));
    return {
      answer,
      shown: [
        {
          type: 'table',
          caption: 'Daily figures of each snapshot, by the day on which trades closed',
          columns: [left('Day'), ...shown.map(({ label }) => right(label))],
          rows: summaries.map((each) => [each.date, ...shown.map(({ of }) => of(each))]),
        },
        ...(stale.size > 0 ? [sentence(`The next run will recompute ${[...stale].join(', ')}.`)] : []),
        ...(next_cursor ? [sentence('There are more days: narrow them down with --from and --to.')] : []),
      ],
    };
  },
});
