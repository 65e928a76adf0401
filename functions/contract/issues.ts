import type * as z from 'zod';
import type { InputIssue } from '../errors.ts';
import { pointerToken } from './pointer.ts';

/** Converts the issues of a failed parse. Paths are JSON Pointers such as `/0/price` into a body (`at` is `/`), or names of parameters. */
export function issuesOf(error: z.ZodError, at: '' | '/'): InputIssue[] {
  const named = at === '/' ? pointerToken : (key: string) => key;
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((key) => named(String(key)));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: at + [...path, named(key)].join('/'), message: 'is unknown' }));
    }
    return [{ path: path.length > 0 ? at + path.join('/') : '', message: issue.message }];
  });
}
