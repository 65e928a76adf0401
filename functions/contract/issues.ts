import type * as z from 'zod';
import type { InputIssue } from '../errors.ts';
import { pointerToken } from './pointer.ts';

/** The issues of a failed parse, with pointers such as `/0/price` below a body (`at` is `/`), or plain names of parameters. */
export function issuesOf(error: z.ZodError, at: '' | '/'): InputIssue[] {
  const named = at === '/' ? pointerToken : (key: string) => key;
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((key) => named(String(key)));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: at + [...path, named(key)].join('/'), message: 'is not known here' }));
    }
    return [{ path: path.length > 0 ? at + path.join('/') : '', message: issue.message }];
  });
}
