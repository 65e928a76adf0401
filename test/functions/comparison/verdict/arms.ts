import type { Arm, ArmRow } from '../../../../functions/comparison/verdict/arm.ts';
import type { ComparisonInput } from '../../../../functions/comparison/verdict/comparison-input.ts';
import type { Day } from '../../../../functions/comparison/verdict/day.ts';
import { dayAfter } from '../../../../functions/summaries/days.ts';

/** A day with `trades` trades and a total of `pnl`: K and Y in the published tables. */
export const day = (date: string, trades: number, pnl: number, more: Partial<Day> = {}): Day => ({
  date,
  trades,
  winning: Math.ceil(trades / 2),
  losing: Math.floor(trades / 2),
  pnl,
  gross_profit: Math.max(pnl, 0),
  gross_loss: Math.max(-pnl, 0),
  ...more,
});

export const days = (trades: readonly number[], pnl: readonly number[], from = '2026-01-01'): Day[] =>
  trades.map((n, i) => day(dayAfter(from, i), n, pnl[i] ?? 0));

/** A summary row; by default its trades were held for minutes. */
export const row = (date: string, trades: number, pnl: number, more: Partial<ArmRow> = {}): ArmRow => ({
  date,
  active_from: '2026-01-01T00:00:00Z',
  total_trades: trades,
  winning_trades: Math.ceil(trades / 2),
  losing_trades: Math.floor(trades / 2),
  total_pnl_usd: pnl,
  gross_profit_usd: Math.max(pnl, 0) + 1,
  gross_loss_usd: Math.max(-pnl, 0) + 1,
  cost_basis_usd: trades * 50,
  largest_win_usd: null,
  largest_loss_usd: null,
  max_drawdown_usd: Math.max(-pnl, 0),
  highest_pnl_usd: Math.max(pnl, 0),
  lowest_pnl_usd: Math.min(pnl, 0),
  fast_exits_count: 0,
  hold_time_buckets: trades > 0 ? { 9: trades } : {},
  ...more,
});

export const arm = (rows: readonly ArmRow[], more: Partial<Arm> = {}): Arm => ({
  snapshot_id: 'A1',
  config_hash: 'a',
  notes: null,
  snapshot_ids: ['A1'],
  started_on: rows[0]?.date ?? '2026-01-01',
  rows,
  open_cost_usd: 0,
  ...more,
});

/** One row per P&L, on consecutive days, each with `trades` trades. */
export const rows = (from: string, pnl: readonly number[], trades = 10): ArmRow[] =>
  pnl.map((usd, i) => row(dayAfter(from, i), trades, usd));

export const input = (
  more: Partial<ComparisonInput> & Pick<ComparisonInput, 'baseline' | 'candidate'>,
): ComparisonInput => ({
  through: '2027-12-31',
  changed: ['/rsi'],
  share: 1,
  exploratory: false,
  material: 0.05,
  ...more,
});

/** Daily P&L that goes up and down around a mean. */
export const month = (mean: number, length = 28): number[] =>
  Array.from({ length }, (_, i) => mean + [0.5, -0.4, 0.2, -0.3][i % 4]!);

export const baseline = arm(rows('2026-01-01', month(0)));
export const candidate = (pnl: readonly number[]): Arm =>
  arm(rows('2026-02-01', pnl), { config_hash: 'b', snapshot_id: 'B1' });
