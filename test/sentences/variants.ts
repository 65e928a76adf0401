/** Every combination of one value for each field.
 *  @example combinations({ a: [1, 2], b: [3] }) // [{ a: 1, b: 3 }, { a: 2, b: 3 }] */
export function combinations<Fields extends Record<string, readonly unknown[]>>(
  fields: Fields,
): { [Name in keyof Fields]: Fields[Name][number] }[] {
  return Object.entries(fields).reduce<Record<string, unknown>[]>(
    (all, [name, values]) => all.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  ) as { [Name in keyof Fields]: Fields[Name][number] }[];
}

/** Splits texts into sentences and keeps each once. Shorter texts, such as labels of columns, are kept as they are. */
export function sentencesOf(texts: readonly string[]): string[] {
  const sentences = texts.flatMap((text) => text.split(/(?<=[.!?]) (?=\p{Lu})|\n+/u));
  return [...new Set(sentences.map((each) => each.trim()).filter((each) => each !== ''))];
}
