/** A point of a chart, in pixels. */
export type Point = readonly [x: number, y: number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** Distance of a label from its point, in pixels. */
export const GAP = 10;

/** Least distance of a label from any line, in pixels. */
const CLEARANCE = 2;

/** Places each label next to the end of its line so that it covers no line and no other label. null when one does not fit.
 *  @param lines from left to right */
export function placeLabels(
  lines: readonly (readonly Point[])[],
  labels: readonly Size[],
  within: Box,
): readonly Box[] | null {
  const placed: Box[] = [];
  for (const [i, size] of labels.entries()) {
    const end = lines[i]?.at(-1);
    const place =
      end && candidatePlaces(end, size).find((box) => isInside(box, within) && isFree(box, { placed, lines }));
    if (!place) return null;
    placed.push(place);
  }
  return placed;
}

/** Possible places, best first: right of the point, then slightly higher or lower, then above and below it. */
function candidatePlaces([x, y]: Point, { width, height }: Size): readonly Box[] {
  const onTheRight = [0, -0.3, 0.3, -0.6, 0.6, -0.85, 0.85].map(
    (shift) => [x + GAP, y + (shift - 0.5) * height] as const,
  );
  const above = y - GAP - height;
  const below = y + GAP;
  const rest = [above, below].flatMap(
    (top) =>
      [
        [x + GAP, top],
        [x - width / 2, top],
        [x - width, top],
      ] as const,
  );
  return [...onTheRight, ...rest].map(([left, top]) => ({ x: left, y: top, width, height }));
}

const isInside = (box: Box, { x, y, width, height }: Box): boolean =>
  box.x >= x && box.y >= y && box.x + box.width <= x + width && box.y + box.height <= y + height;

const isFree = (box: Box, { placed, lines }: { placed: readonly Box[]; lines: readonly (readonly Point[])[] }) =>
  !placed.some((other) => overlap(box, other)) && !lines.some((line) => crosses(line, box));

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Whether a line passes through a box. */
function crosses(line: readonly Point[], { x, y, width, height }: Box): boolean {
  return line.some(([x2, y2], i) => {
    const [x1, y1] = line[i - 1] ?? [x2, y2];
    if (x2 < x || x1 > x + width) return false;
    const at = (column: number) => (x2 === x1 ? y2 : y1 + ((y2 - y1) * (column - x1)) / (x2 - x1));
    const [from, to] = [at(Math.max(x, x1)), at(Math.min(x + width, x2))];
    return Math.max(from, to) > y - CLEARANCE && Math.min(from, to) < y + height + CLEARANCE;
  });
}
