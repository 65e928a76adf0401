/** What one arm did on one trading day with at least one trade: the unit that counts as independent. */
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

export const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
