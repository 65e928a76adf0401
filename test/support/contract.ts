import { STATUS_CODES } from 'node:http';
import { expect } from 'vitest';
import { Problem } from '../../functions/contract/problem.ts';
import openApi from '../../functions/openapi.json' with { type: 'json' };
import { operations } from '../../functions/operations.ts';
import type { Reply } from './service.ts';

type Documented = { readonly responses: Readonly<Record<string, unknown>> };
const paths: Readonly<Record<string, Readonly<Record<string, Documented>>>> = openApi.paths;

/** Checks a response against the contract: documented status and media type, and a body with exactly the fields of the schema, of the right
 *  types. */
export function expectToFitContract(route: string, { status, headers, body }: Reply): void {
  const operation = operations.find(({ method, path }) => `${method} ${path}` === route);
  const documented = operation && paths[operation.path]?.[operation.method.toLowerCase()]?.responses;
  if (operation) expect(Object.keys(documented ?? {}), `${route} answers ${status}`).toContain(String(status));

  const mediaType = String(headers['content-type']).split(';')[0];
  if (status === 304) {
    expect(body).toBe('');
    return;
  }
  if (status >= 400) {
    expect(mediaType).toBe('application/problem+json');
    expect(Problem.parse(body)).toEqual(body);
    expect(body).toMatchObject({ status, title: STATUS_CODES[status] });
    return;
  }
  const { schema, mediaTypes = ['application/json'] } = operation?.answers[status] ?? {};
  expect(mediaTypes).toContain(mediaType);
  // Zod drops keys named __proto__, which a config may have.
  const readable = JSON.parse(JSON.stringify(body), (key, value) => (key === '__proto__' ? undefined : value));
  if (schema && mediaType === 'application/json') expect(schema.parse(readable), route).toEqual(readable);
}
