/** An arm's results on one trading day with trades. Days are the independent units of the test. */
export interface Day {
  readonly date: string;
  readonly trades: number;
  readonly winning: number;
  readonly losing: number;
  /** USD. */
  readonly pnl: number;
  readonly gross_profit: number;
  readonly gross_loss: number;
}
