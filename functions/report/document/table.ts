/** Cells as lines of text with aligned columns. Widths count letters as people do, not code units. */
export function table(
  rows: readonly (readonly string[])[],
  { alignRight = [] }: { alignRight?: readonly number[] } = {},
): string {
  const letters = new Intl.Segmenter();
  const width = (cell: string) => [...letters.segment(cell)].length;
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const padding = ' '.repeat((widths[column] ?? 0) - width(cell));
          return alignRight.includes(column) ? padding + cell : cell + padding;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
