const letters = new Intl.Segmenter();
const lettersOf = (text: string): string[] => [...letters.segment(text)].map(({ segment }) => segment);
const widthOf = (text: string): number => lettersOf(text).length;

interface Layout {
  /** Columns of figures. */
  readonly alignRight?: readonly number[];
  /** A line under the first row. */
  readonly ruled?: boolean;
  /** How wide the table may be, in letters: words go on below where it would be wider. */
  readonly width?: number;
}

const APART = '  ';

/** Cells as lines of text with aligned columns. Widths count letters as people do, not code units. */
export function table(
  rows: readonly (readonly string[])[],
  { alignRight = [], ruled = false, width = Infinity }: Layout = {},
): string {
  const widths = columnsWithin(width, rows);
  const rule = widths.map((each, column) => (rows[0]?.[column] ? '-'.repeat(each) : ''));
  return (ruled ? rows.toSpliced(1, 0, rule) : rows)
    .flatMap((row) => {
      const cells = row.map((cell, column) => wrapped(cell, widths[column] ?? 0));
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

/** As wide as their cells, or where that is too much, the widest so much narrower as its words allow. */
function columnsWithin(width: number, rows: readonly (readonly string[])[]): readonly number[] {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? ''));
  const least = columns.map((cells) =>
    Math.min(LONGEST_WORD, Math.max(...cells.flatMap((cell) => wordsOf(cell).map(widthOf)))),
  );
  const widths = columns.map((cells) => Math.max(...cells.map(widthOf)));
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

function wrapped(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  for (const word of wordsOf(text).flatMap((each) => pieces(each, width))) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function pieces(word: string, width: number): string[] {
  const all = lettersOf(word);
  return Array.from({ length: Math.ceil(all.length / width) }, (_, i) =>
    all.slice(i * width, (i + 1) * width).join(''),
  );
}
