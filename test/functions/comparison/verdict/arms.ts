import type { Arm, ArmRow } from '../../../../functions/comparison/verdict/arm.ts';
import type { Question } from '../../../../functions/comparison/verdict/comparison-input.ts';
import type { Day } from '../../../../functions/comparison/verdict/day.ts';
import { dayAfter } from '../../../../functions/summaries/days.ts';

/** A day as the tables of numbers give it: trades K and P&L Y. */
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

/** A summary row, of trades in minutes unless said otherwise. */
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

/** Rows of `trades` each from a day on, whose P&L is the mean plus a pattern that repeats. */
export const rows = (from: string, pnl: readonly number[], trades = 10): ArmRow[] =>
  pnl.map((usd, i) => row(dayAfter(from, i), trades, usd));

export const question = (more: Partial<Question> & Pick<Question, 'baseline' | 'candidate'>): Question => ({
  through: '2027-12-31',
  changed: ['/rsi'],
  share: 1,
  exploratory: false,
  material: 0.05,
  ...more,
});
