/** Requests at a time. */
const LANES = 3;

/** Works on the items in their order, several at a time, but never on two of the same bot: a bot's matching is one sequence. Stops at the
 *  first error, after what is running. @throws the first error */
export async function inLanes<Item>(
  items: Iterable<Item>,
  botsOf: (item: Item) => readonly string[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Map<Promise<void>, readonly string[]>();
  const errors: unknown[] = [];
  const isBusy = (bot: string) => [...running.values()].some((bots) => bots.includes(bot));
  for (const item of items) {
    const bots = botsOf(item);
    while (running.size === LANES || bots.some(isBusy)) await Promise.race(running.keys());
    if (errors.length > 0) break;
    const done: Promise<void> = work(item)
      .catch((error) => void errors.push(error))
      .finally(() => running.delete(done));
    running.set(done, bots);
  }
  await Promise.all(running.keys());
  if (errors.length > 0) throw errors[0];
}
