import type * as z from 'zod';
import { Problem } from '../../functions/contract/problem.ts';

/** The problem in an answer's body; null when the service sent none. */
export function problemIn(body: string): z.output<typeof Problem> | null {
  try {
    return Problem.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}
