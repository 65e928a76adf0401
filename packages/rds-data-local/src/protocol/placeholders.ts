export type Statement = {
  readonly text: string;
  /** The parameter of each bind, in the order of `$1`, `$2`, …; a name once for each time that it occurs. */
  readonly names: readonly string[];
};

// What hides a colon, then the placeholder. A doubled quote is two literals next to each other. Dollar quotes and
// array slices are missing on purpose: the service replaces inside `$$ … $$` and in `a[1:2]` too.
const token = /(?<!\w)[eE]'(?:[^'\\]|\\.)*'|'[^']*'|"[^"]*"|--[^\n]*|\/\*.*?\*\/|::|:(\w+)/gs;

/** `:name` → `$n`. Every occurrence is a bind of its own, as in the service. */
export function numberPlaceholders(sql: string): Statement {
  const names: string[] = [];
  const text = sql.replace(token, (whole, name: string | undefined) => {
    if (name === undefined) return whole;
    names.push(name);
    return `$${names.length}`;
  });
  return { text, names };
}
