/** Splits an SQL file into statements without semicolons. The Data API accepts one at a time, and would replace `:word` inside `$$ … $$`,
 *  so such bodies become quoted literals. Supports quotes, quoted names, `--` comments and plain `$$`. */
export function statementsOf(file: string): string[] {
  const statements: string[] = [];
  let statement = '';
  for (const [token] of file.matchAll(/--[^\n]*|'(?:[^']|'')*'|"[^"]*"|\$\$.*?\$\$|;|[^-'"$;]+|[-$]/gs)) {
    if (token.startsWith('--')) continue;
    if (token === ';') {
      statements.push(statement.trim());
      statement = '';
    } else {
      statement += token.startsWith('$$') ? literal(token.slice(2, -2)) : token;
    }
  }
  return [...statements, statement.trim()].filter(Boolean);
}

/** A text as an SQL string literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
