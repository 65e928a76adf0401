import { percent, usd } from '../formatting.ts';
import { ratioOf } from '../ratios.ts';
import { sum } from '../statistics/sum.ts';
import { thresholds } from '../thresholds.ts';
import { type ArmRow, drawdownOf } from './verdict/arm.ts';

/** A figure next to the three that are tested (expectancy, win rate, profit factor). It never decides. */
export interface Figure {
  /** Its term in tables, cards and definitions. */
  readonly label: string;
  readonly meaning: string;
  readonly format: (value: number | null) => string;
  /** Whether it can be absent. */
  readonly nullable: boolean;
  /** Computes the figure of an arm. `snapshot_performance` computes that of a snapshot, as a column of the same name. */
  readonly of: (rows: readonly ArmRow[]) => number | null;
  /** Whether the card of a strategy shows it; the table of baseline and candidate always does. */
  readonly onCard: boolean;
}

/** The figures of a strategy and of an arm, in the order of display. Contract, verdict, report and terminal read this list. */
export const figures = {
  pnl_per_day_usd: {
    label: 'P&L per day',
    meaning: 'P&L / calendar days, including days without trades',
    format: usd,
    nullable: true,
    of: (rows) =>
      ratioOf(
        'pnl_per_day_usd',
        sum(rows, (row) => row.total_pnl_usd),
        new Set(rows.map(({ date }) => date)).size,
      ),
    onCard: false,
  },
  max_drawdown_usd: {
    label: 'Drawdown',
    meaning: 'the largest fall of cumulative P&L from its running peak, which starts at $0',
    format: usd,
    nullable: false,
    of: drawdownOf,
    onCard: false,
  },
  fast_exit_rate: {
    label: 'Fast exits',
    meaning: `trades held under ${thresholds.fast_exit_seconds} seconds, as a share of all trades`,
    format: percent,
    nullable: true,
    of: (rows) =>
      ratioOf(
        'fast_exit_rate',
        sum(rows, (row) => row.fast_exits_count),
        sum(rows, (row) => row.total_trades),
      ),
    onCard: true,
  },
} as const satisfies Record<string, Figure>;

export type FigureName = keyof typeof figures;
export const figureNames = Object.keys(figures) as FigureName[];

/** Makes a record with one value for each figure. */
export const eachFigure = <Value>(of: (figure: Figure) => Value): Record<FigureName, Value> =>
  Object.fromEntries(figureNames.map((name) => [name, of(figures[name])])) as Record<FigureName, Value>;
