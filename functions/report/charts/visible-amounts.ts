interface MeasuredLook {
  readonly difference: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** The amounts that the axis of a chart of looks has to cover. Early intervals, up to a hundred times as wide as the last, are clipped so that they do not
 *  flatten the rest. */
export function visibleAmounts(known: readonly MeasuredLook[], material_usd: number): readonly number[] {
  const bounds = known.flatMap(({ lower, upper }) =>
    lower === null || upper === null ? [] : [[lower, upper] as const],
  );
  const core = [0, material_usd, -material_usd, ...(bounds.at(-1) ?? []), ...known.map(({ difference }) => difference)];
  const [low, high] = [core.reduce((a, b) => Math.min(a, b)), core.reduce((a, b) => Math.max(a, b))];
  const reach = high - low;
  return [
    ...core,
    ...bounds.flatMap(([lower, upper]) => [Math.max(lower, low - reach), Math.min(upper, high + reach)]),
  ];
}
