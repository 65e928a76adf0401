import { UsageError } from '../../failure.ts';
import { inMb, LONGEST_VALUE } from './limits.ts';

/** @param place the file, and the table, row or line of it, if any
 *  @throws Error that names the place of what cannot be read */
export function reading<Result>(place: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new Error(`${place} cannot be read: ${explained(error as Error)}`);
  }
}

function explained(error: Error): string {
  if (isTooDeep(error)) return 'it is nested too deeply';
  // Node.js has an error of its own for a row that is longer still.
  if (/string or blob too big|Invalid array length/.test(error.message))
    return `it has a value that is longer than ${inMb(LONGEST_VALUE)}`;
  return error.message;
}

/** Whether a recursion went too deep. */
export const isTooDeep = (error: unknown): boolean => error instanceof RangeError && /call stack/.test(error.message);
