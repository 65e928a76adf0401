import widthOf from 'string-width';

const segmenter = new Intl.Segmenter();

interface Layout {
  /** Columns to align right, such as figures. */
  readonly alignRight?: readonly number[];
  /** Whether to draw a line under the first row. */
  readonly ruled?: boolean;
  /** Most columns of the screen that the table may take; longer cells wrap. */
  readonly width?: number;
  /** Whether to cut long cells with an ellipsis instead, so that each row takes one line. */
  readonly cut?: boolean;
}

const COLUMN_GAP = '  ';

/** Lays out cells as text with aligned columns. Widths are columns of a terminal, of which a character takes two, one or none. */
export function table(
  rows: readonly (readonly string[])[],
  { alignRight = [], ruled = false, width = Infinity, cut = false }: Layout = {},
): string {
  const widths = columnsWithin(width, rows, cut);
  const fitted = cut ? shortened : wrapped;
  const rule = widths.map((each, column) => (rows[0]?.[column] ? '-'.repeat(each) : ''));
  return (ruled ? rows.toSpliced(1, 0, rule) : rows)
    .flatMap((row) => {
      const cells = row.map((cell, column) => fitted(cell, widths[column] ?? 0));
      const height = Math.max(...cells.map((lines) => lines.length));
      return Array.from({ length: height }, (_, line) =>
        cells
          .map((lines, column) => {
            const piece = lines[line] ?? '';
            const padding = ' '.repeat((widths[column] ?? 0) - widthOf(piece));
            return alignRight.includes(column) ? padding + piece : piece + padding;
          })
          .join(COLUMN_GAP)
          .trimEnd(),
      );
    })
    .join('\n');
}

/** Longest word that is never broken. */
const LONGEST_WORD = 16;

/** Least width of a cut cell: an amount of money fits. */
const LEAST_LEFT = 10;

/** Widths of the columns: as wide as their cells; when the table is too wide, the widest columns are narrowed as far as their words
 *  allow. */
function columnsWithin(width: number, rows: readonly (readonly string[])[], cut: boolean): readonly number[] {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? ''));
  const least = columns.map((cells) =>
    cut
      ? LEAST_LEFT
      : Math.min(LONGEST_WORD, Math.max(...cells.flatMap((cell) => wordsOf(cell).map((word) => widthOf(word))))),
  );
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => widthOf(cell))));
  const total = () => widths.reduce((sum, each) => sum + each + COLUMN_GAP.length, -COLUMN_GAP.length);
  while (total() > width) {
    const room = widths.map((each, column) => (each > (least[column] ?? 0) ? each : 0));
    const widest = room.indexOf(Math.max(...room));
    if (!room[widest]) break;
    widths[widest] = room[widest] - 1;
  }
  return widths;
}

/** Splits a text into words; a figure with its unit is one word. */
const wordsOf = (text: string): string[] => text.split(/ (?!%|points)/);

/** Wraps a text to a width, between words where possible. */
export function wrapped(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  for (const word of wordsOf(text).flatMap((each) => pieces(each, width))) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function shortened(text: string, width: number): string[] {
  return widthOf(text) <= width ? [text] : [`${pieces(text, width - 1)[0]}…`];
}

function pieces(word: string, width: number): string[] {
  const found = [''];
  for (const { segment } of segmenter.segment(word)) {
    const longer = `${found.at(-1)}${segment}`;
    if (widthOf(longer) <= width) found[found.length - 1] = longer;
    else found.push(segment);
  }
  return found;
}
