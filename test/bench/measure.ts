/** A figure of a benchmark, with its reference from the same run. */
export interface Row {
  /** Identifies the figure; independent of the size of a run. */
  readonly what: string;
  /** Size of the measured work in this run. */
  readonly size: string | null;
  /** null: measured without a database. */
  readonly engine: string | null;
  readonly value: number;
  readonly unit: string;
  readonly against: { readonly what: string; readonly value: number } | null;
  /** Ratio of the figure to its reference; null without one. */
  readonly ratio: number | null;
  readonly target: Target | null;
}

/** Limits of the ratio of a figure, or of its value when it has no ratio. */
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

/** The factor by which a row misses its target; up to 1 it is met. null without a target. */
export function missedBy({ value, ratio, target }: Row): number | null {
  if (!target) return null;
  const figure = ratio ?? value;
  return Math.max(
    target.most === undefined ? 0 : figure / target.most,
    target.least === undefined ? 0 : target.least / figure,
  );
}

/** The factor by which a row is worse than its target, or than the committed run if that misses the target. */
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

/** Measures wall-clock time, in milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Measures CPU time of this process, in milliseconds. */
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
