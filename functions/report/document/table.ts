import widthOf from 'string-width';

const letters = new Intl.Segmenter();

interface Layout {
  /** Columns of figures. */
  readonly alignRight?: readonly number[];
  /** A line under the first row. */
  readonly ruled?: boolean;
  /** How wide the table may be: words go on below where it would be wider. */
  readonly width?: number;
  /** They are cut with an ellipsis instead: one line a row. */
  readonly cut?: boolean;
}

const APART = '  ';

/** Cells as lines of text with aligned columns. Widths are those on a screen, where a letter may take two places or none. */
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
          .join(APART)
          .trimEnd(),
      );
    })
    .join('\n');
}

/** A longer word is broken where the table has no room for it. */
const LONGEST_WORD = 16;

/** What is cut keeps so much, which is an amount of money. */
const LEAST_LEFT = 10;

/** As wide as their cells, or where that is too much, the widest so much narrower as its words allow. */
function columnsWithin(width: number, rows: readonly (readonly string[])[], cut: boolean): readonly number[] {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? ''));
  const least = columns.map((cells) =>
    cut
      ? LEAST_LEFT
      : Math.min(LONGEST_WORD, Math.max(...cells.flatMap((cell) => wordsOf(cell).map((word) => widthOf(word))))),
  );
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => widthOf(cell))));
  const total = () => widths.reduce((sum, each) => sum + each + APART.length, -APART.length);
  while (total() > width) {
    const room = widths.map((each, column) => (each > (least[column] ?? 0) ? each : 0));
    const widest = room.indexOf(Math.max(...room));
    if (!room[widest]) break;
    widths[widest] = room[widest] - 1;
  }
  return widths;
}

/** A figure and its unit are one word. */
const wordsOf = (text: string): string[] => text.split(/ (?!%|points)/);

/** Text as lines that are at most so wide, broken between words where that goes. */
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
  for (const { segment } of letters.segment(word)) {
    const longer = `${found.at(-1)}${segment}`;
    if (widthOf(longer) <= width) found[found.length - 1] = longer;
    else found.push(segment);
  }
  return found;
}
