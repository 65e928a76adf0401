/** A change of a source text. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The mutated source. */
export const mutated = (source: string, { start, end, text }: Mutant): string =>
  source.slice(0, start) + text + source.slice(end);

/** The changed line, before and after. @example "7: a < b → a <= b" */
export function described(source: string, { start, end, text }: Mutant): string {
  const from = source.lastIndexOf('\n', start - 1) + 1;
  const to = source.indexOf('\n', end);
  const until = to === -1 ? source.length : to;
  const before = source.slice(from, until);
  const after = source.slice(from, start) + text + source.slice(end, until);
  const line = source.slice(0, start).split('\n').length;
  return `${line}: ${oneLine(before)} → ${oneLine(after) || '(removed)'}`;
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');
