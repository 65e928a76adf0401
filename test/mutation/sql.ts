import type { Mutant } from './mutant.ts';

/** Replacements of what a pattern finds in SQL without its comments and texts. */
const operators: readonly (readonly [pattern: RegExp, ...texts: string[]])[] = [
  [/(?<=\s)<(?=\s)/g, '<=', '>'],
  [/(?<=\s)<=(?=\s)/g, '<'],
  [/(?<=\s)>(?=\s)/g, '>=', '<'],
  [/(?<=\s)>=(?=\s)/g, '>'],
  [/(?<=\s)=(?=\s)/g, '<>'],
  [/(?<=\s)<>(?=\s)/g, '='],
  [/(?<=\s)\+(?=\s)/g, '-'],
  [/(?<=\s)-(?=\s)/g, '+'],
  [/\bAND\b/g, 'OR'],
  [/\bOR\b(?! REPLACE)/g, 'AND'],
  [/\bNOT EXISTS\b/g, 'EXISTS'],
  [/\bIS NULL\b/g, 'IS NOT NULL'],
  [/\bIS NOT NULL\b/g, 'IS NULL'],
  [/\bIS DISTINCT FROM\b/g, 'IS NOT DISTINCT FROM'],
  [/\bIS NOT DISTINCT FROM\b/g, 'IS DISTINCT FROM'],
  [/\bDESC\b/g, 'ASC'],
  [/\bmin(?=\()/g, 'max'],
  [/\bmax(?=\()/g, 'min'],
  [/\bleast(?=\()/g, 'greatest'],
  [/\bgreatest(?=\()/g, 'least'],
  [/\btrue\b/g, 'false'],
  [/\bfalse\b/g, 'true'],
  // A statement of its own.
  [/(?<=\n *)PERFORM [^;]*;/g, 'NULL;'],
  // A condition on a line of its own.
  [/(?<=\n *)AND (?!NOT EXISTS)[^\n()]*(?:\([^\n()]*\)[^\n()]*)*(?=\n)/g, ''],
];

/** Mutants of SQL. Some are no valid SQL: the runner finds that out. */
export function mutantsOfSql(source: string): Mutant[] {
  const code = withoutTexts(source);
  const replaced = operators.flatMap(([pattern, ...texts]) =>
    [...code.matchAll(pattern)].flatMap(({ index, 0: found }) =>
      texts.map((text): Mutant => ({ start: index, end: index + found.length, text })),
    ),
  );
  const numbers = [...code.matchAll(/(?<![\w$.])\d+(?![\w.])/g)].map(({ index, 0: number }): Mutant => {
    return { start: index, end: index + number.length, text: String(Number(number) + 1) };
  });
  return [...replaced, ...numbers].filter(({ start }) => decides(code, start)).sort((a, b) => a.start - b.start);
}

/** Settings, grants and hints to the planner decide nothing; the AND of BETWEEN is no condition. */
function decides(code: string, at: number): boolean {
  const from = code.lastIndexOf('\n', at) + 1;
  const line = code.slice(from, code.indexOf('\n', at));
  const before = code.slice(from, at);
  return !/^(LANGUAGE|GRANT|CREATE)\b|\bSET\b/.test(line) && !/(OFFSET |BETWEEN (?!.*\bAND\b).*)$/.test(before);
}

/** The source with spaces instead of comments and string literals, at the same places. */
const withoutTexts = (source: string): string =>
  source.replaceAll(/--[^\n]*|'(?:[^']|'')*'/g, (text) => ' '.repeat(text.length));
