import type * as z from 'zod';
import { type InputIssue, InvalidInput, type Rejection, ResultTooLarge, TooLarge } from '../errors.ts';
import { issuesOf } from './issues.ts';

/** A valid item of a batch, with its index in the batch. */
export interface Accepted<Item> {
  readonly index: number;
  readonly item: Item;
}

/** Splits a body, one object or an array of them, into valid items and rejections.
 *  @throws InvalidInput when the array is empty, TooLarge when it has more than `most` items */
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
    /** A check beyond the schema: the reason to reject an item, or null. */
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
    else rejected.push({ index, id: idOf(given, id), reason: issues.map(issueText).join('; '), issues });
  });
  return { accepted, rejected };
}

/** Calls a write with all items, or with each half when the result exceeds the size limit of the Data API. The first call may have
 *  written before it failed; that is safe, since writes are idempotent. */
export async function inHalves<Item, Outcome>(
  items: readonly Item[],
  call: (items: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  try {
    return await call(items);
  } catch (error) {
    if (!(error instanceof ResultTooLarge) || items.length === 1) throw error;
    const half = Math.ceil(items.length / 2);
    return [...(await inHalves(items.slice(0, half), call)), ...(await inHalves(items.slice(half), call))];
  }
}

const issueText = ({ path, message }: InputIssue): string => (path ? `${path.slice(1)}: ${message}` : message);

function idOf(given: unknown, name: string): string | null {
  const id =
    typeof given === 'object' && given !== null ? Object.entries(given).find(([key]) => key === name)?.[1] : null;
  return typeof id === 'string' ? id.slice(0, 200).toWellFormed() : null;
}
