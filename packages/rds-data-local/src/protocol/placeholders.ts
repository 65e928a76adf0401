export type Statement = {
  readonly text: string;
  /** The parameter of each bind, in the order of `$1`, `$2`, …; a name once per occurrence. */
  readonly names: readonly string[];
};

// What hides a colon, then the placeholder. A doubled quote is two literals next to each other. Dollar quotes and
// array slices are intentionally missing: the service replaces inside `$$ … $$` and in `a[1:2]` too. A comment that is
// not closed ends with the statement, so that each is searched once.
const token = /(?<!\w)[eE]'(?:[^'\\]|\\.)*'|'[^']*'|"[^"]*"|--[^\n]*|\/\*.*?(?:\*\/|$)|::|:(\w+)/gs;

/** Replaces `:name` by `$n`. Every occurrence is a separate bind, as in the service. */
export function numberPlaceholders(sql: string): Statement {
  const names: string[] = [];
  const text = sql.replace(token, (whole, name: string | undefined) => {
    if (name === undefined) return whole;
    names.push(name);
    return `$${names.length}`;
  });
  return { text, names };
}
