/** One figure of a benchmark, and what it is held against in the same run. */
export interface Row {
  /** The same in every run, however large. */
  readonly what: string;
  /** How large it was in this one. */
  readonly size: string | null;
  /** null: no database is in it. */
  readonly engine: string | null;
  readonly value: number;
  readonly unit: string;
  readonly against: { readonly what: string; readonly value: number } | null;
  /** Of the figure to what it is held against; null where nothing is. */
  readonly ratio: number | null;
  readonly target: Target | null;
}

/** What a figure should be: of its ratio, or, where there is none, of its value. */
export interface Target {
  readonly most?: number;
  readonly least?: number;
}

export type Measured = Omit<Row, 'engine'>;

export const measured = (
  what: string,
  value: number,
  unit: string,
  more: { size?: string; against?: { what: string; value: number }; target?: Target } = {},
): Measured => ({
  what,
  size: more.size ?? null,
  value,
  unit,
  against: more.against ?? null,
  ratio: more.against ? value / more.against.value : null,
  target: more.target ?? null,
});

/** By how many times a row is off its target; up to 1 it holds, null: it has none. */
export function missedBy({ value, ratio, target }: Row): number | null {
  if (!target) return null;
  const figure = ratio ?? value;
  return Math.max(
    target.most === undefined ? 0 : figure / target.most,
    target.least === undefined ? 0 : target.least / figure,
  );
}

/** By how many times a row is worse than it may be: its target, or what the committed run had where that misses the target. */
export function worseBy(row: Row, committed: readonly Row[]): number | null {
  const before = committed.find(({ what, engine }) => what === row.what && engine === row.engine);
  const [missed, known] = [missedBy(row), before ? missedBy(before) : null];
  return missed === null ? null : missed / Math.max(1, known ?? 1);
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
};

/** Milliseconds of the wall clock. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Milliseconds of CPU in this process. */
export async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export async function repeated(times: number, one: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let i = 0; i < times; i++) values.push(await one());
  return values;
}
