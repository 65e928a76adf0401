import type * as z from 'zod';
import { issuesOf } from '../functions/contract/issues.ts';
import { WrongUsage } from './command.ts';
import type { Api, Input } from './service/api.ts';

/** Holds what is asked against the contract first: what the service would refuse is a wrong command line. */
export function checked(api: Api): Api {
  return async (operation, input = {}) => {
    const wrong = [...wrongIn(operation.input.path, input.path), ...wrongIn(operation.input.query, input.query)];
    if (wrong.length > 0) throw new WrongUsage(wrong.join('\n'));
    return api(operation, input);
  };
}

function wrongIn(schema: z.ZodType | undefined, given: Input['query'] = {}): string[] {
  const asked = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const error = schema?.safeParse(Object.fromEntries(asked)).error;
  return error ? issuesOf(error, '').map(({ path, message }) => `${path} ${message}`) : [];
}
