import type * as z from 'zod';
import { Problem } from '../../functions/contract/problem.ts';

/** What a problem says, in a line. API Gateway has a body of its own. */
export function refusalOf(body: string): string {
  const problem = problemIn(body);
  if (!problem) return body;
  const wrong = problem.errors?.map(({ path, message }) => `${path} ${message}`) ?? [];
  return [problem.detail, ...wrong].join('; ');
}

export function problemIn(body: string): z.output<typeof Problem> | null {
  try {
    return Problem.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}
