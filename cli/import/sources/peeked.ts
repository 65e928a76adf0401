/** The first item of a sequence, and the whole sequence including it. */
export async function peeked<Item>(
  items: AsyncIterable<Item>,
): Promise<{ first: Item | undefined; all: AsyncIterable<Item> }> {
  const rest = items[Symbol.asyncIterator]();
  const first = await rest.next();
  async function* all() {
    if (first.done) return;
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  return { first: first.done ? undefined : first.value, all: all() };
}
