import type * as z from 'zod';
import { type InputIssue, InvalidInput, type Rejection, ResultTooLarge, TooLarge } from '../errors.ts';
import { issuesOf } from './issues.ts';

/** An item of a batch that is as it should be, with its place in the batch. */
export interface Accepted<Item> {
  readonly index: number;
  readonly item: Item;
}

/** Takes one object or an array of them apart into what can be taken and what cannot, with the reason.
 *  @throws InvalidInput when there is nothing in it, TooLarge when there are too many */
export function batch<Schema extends z.ZodType>(
  body: unknown,
  {
    schema,
    most,
    id,
    refuse = () => null,
  }: {
    schema: Schema;
    most: number;
    /** The field that names an item. */
    id: string;
    /** What the schema alone cannot know: the reason to refuse an item, or null. */
    refuse?: (item: z.output<Schema>) => string | null;
  },
): { accepted: Accepted<z.output<Schema>>[]; rejected: Rejection[] } {
  const items: unknown[] = Array.isArray(body) ? body : [body];
  if (items.length === 0) throw new InvalidInput([{ path: '', message: 'the array is empty' }]);
  if (items.length > most) throw new TooLarge(`${items.length} items; at most ${most} at once`);

  const accepted: Accepted<z.output<Schema>>[] = [];
  const rejected: Rejection[] = [];
  items.forEach((given, index) => {
    const parsed = schema.safeParse(given);
    const reason = parsed.success ? refuse(parsed.data) : null;
    const issues = parsed.success
      ? reason === null
        ? []
        : [{ path: '', message: reason }]
      : issuesOf(parsed.error, '/');
    if (parsed.success && issues.length === 0) accepted.push({ index, item: parsed.data });
    else rejected.push({ index, id: idOf(given, id), reason: issues.map(described).join('; '), issues });
  });
  return { accepted, rejected };
}

/** Hands items on in one call, or in two where the Data API could not bring all of its answer. What that call wrote is known to
 *  the next: writes may be repeated. */
export async function answered<Item, Outcome>(
  items: readonly Item[],
  call: (items: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  try {
    return await call(items);
  } catch (error) {
    if (!(error instanceof ResultTooLarge) || items.length === 1) throw error;
    const half = Math.ceil(items.length / 2);
    return [...(await answered(items.slice(0, half), call)), ...(await answered(items.slice(half), call))];
  }
}

const described = ({ path, message }: InputIssue): string => (path ? `${path.slice(1)}: ${message}` : message);

function idOf(given: unknown, name: string): string | null {
  const id =
    typeof given === 'object' && given !== null ? Object.entries(given).find(([key]) => key === name)?.[1] : null;
  return typeof id === 'string' ? id.slice(0, 200).toWellFormed() : null;
}
