import { format, type Row } from '../format.ts';

/** Runs of freqtrade's backtests with their configs: each run is a bot whose one snapshot was active while it ran. */
export const freqtradeRuns = format({
  name: 'freqtrade-runs',
  what: 'configs of freqtrade’s backtests',
  columns: {
    run: ['run_id'],
    config: ['config'],
    strategy: ['strategy'],
    metrics: ['source_metrics'],
  },
  needs: ['run', 'config', 'metrics'],
  *entries({ text, json }, { instant }) {
    const { backtest_start_ts: from, backtest_end_ts: until } = (json('metrics') ?? {}) as Row;
    yield {
      kind: 'snapshot',
      id: text('run'),
      snapshot: {
        config: json('config'),
        notes: text('strategy'),
        created_by: 'freqtrade',
        active_from: instant(String(from)),
        active_until: instant(String(until)),
      },
    };
  },
});
