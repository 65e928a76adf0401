import { count, factor, percent, usd } from '../../functions/formatting.ts';
import { left, right } from '../../functions/report/document/blocks.ts';
import { listSummaries, type Summary } from '../../functions/summaries/contract.ts';
import { command, sentence } from '../command.ts';

const MOST = '500';

/** A narrow screen shows the first of them. */
const columns: readonly { readonly label: string; readonly of: (summary: Summary) => string }[] = [
  { label: 'Snapshot', of: ({ snapshot_id }) => String(snapshot_id) },
  { label: 'Trades', of: ({ total_trades }) => count(total_trades) },
  { label: 'Win rate', of: ({ win_rate }) => percent(win_rate) },
  { label: 'P&L', of: ({ total_pnl_usd }) => usd(total_pnl_usd) },
  { label: 'Expectancy', of: ({ expectancy_usd }) => usd(expectancy_usd) },
  { label: 'Factor', of: ({ profit_factor }) => factor(profit_factor) },
  { label: 'Fast exits', of: ({ fast_exits_count }) => count(fast_exits_count) },
  { label: 'Drawdown', of: ({ max_drawdown_usd }) => usd(max_drawdown_usd) },
];
const NARROW = 5;
const ROOMY = 100;

export const summary = command({
  summary: 'each day of each snapshot, the newest first',
  options: {
    from: { type: 'string', value: '<day>', help: 'the first day, such as 2026-11-20' },
    to: { type: 'string', value: '<day>', help: 'the last day' },
    snapshot: { type: 'string', value: '<snapshot>', help: 'of this snapshot only' },
  },
  async run({ bot_id, options: { from, to, snapshot } }, { api, width }) {
    const { body: answer } = await api(listSummaries, {
      query: { bot_id, from, to, snapshot_id: snapshot, limit: MOST },
    });
    const { summaries, next_cursor } = answer;
    if (summaries.length === 0) return { answer, shown: [sentence('No day is summarised here yet.')] };
    const shown = width < ROOMY ? columns.slice(0, NARROW) : columns;
    const stale = summaries.filter((each) => each.stale);
    return {
      answer,
      shown: [
        {
          type: 'table',
          caption: 'Each day of each snapshot, by the day on which trades closed',
          columns: [left('Day'), ...shown.map(({ label }) => right(label))],
          rows: summaries.map((each) => [each.date, ...shown.map(({ of }) => of(each))]),
        },
        ...(stale.length > 0
          ? [
              sentence(
                `To be computed again by the next run: ${[...new Set(stale.map(({ date }) => date))].join(', ')}.`,
              ),
            ]
          : []),
        ...(next_cursor ? [sentence('There are more days: say --from and --to.')] : []),
      ],
    };
  },
});
