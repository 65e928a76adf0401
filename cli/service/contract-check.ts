import type * as z from 'zod';
import { issuesOf } from '../../functions/contract/issues.ts';
import { UsageError } from '../failure.ts';
import type { Api, Input } from './api.ts';

/** Checks input against the contract before it is sent: what the service would refuse is a usage error. */
export function contractChecked(api: Api): Api {
  return async (operation, input = {}) => {
    const wrong = [...issuesIn(operation.input.path, input.path), ...issuesIn(operation.input.query, input.query)];
    if (wrong.length > 0) throw new UsageError(wrong.join('\n'));
    return api(operation, input);
  };
}

function issuesIn(schema: z.ZodType | undefined, input: Input['query'] = {}): string[] {
  const given = Object.entries(input).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const error = schema?.safeParse(Object.fromEntries(given)).error;
  return error ? issuesOf(error, '').map(({ path, message }) => `${path} ${message}`) : [];
}
