import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createConfig, lint, lintFromString } from '@redocly/openapi-core';
import { describe, expect, test } from 'vitest';
import { openApiDocument } from '../../../functions/openapi.ts';
import { operations } from '../../../functions/operations.ts';

const path = fileURLToPath(new URL('../../../functions/openapi.json', import.meta.url));
const committed = JSON.parse(readFileSync(path, 'utf8'));

describe('the OpenAPI document', () => {
  test('is committed as generated from the contracts (to update: npm run openapi)', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  test('is OpenAPI 3.1 and has every operation under its id', () => {
    expect(committed.openapi).toMatch(/^3\.1\./);
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const documented = Object.entries<Record<string, { operationId: string }>>(committed.paths).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(operations.map(({ id, method, path }) => `${id} ${method} ${path}`).sort());
  });

  test('has exactly the designed routes', () => {
    const routes = operations.map(({ method, path }) => `${method} ${path}`);
    const designed = [
      'POST /snapshots',
      'GET /snapshots',
      'GET /snapshots/current',
      'GET /snapshots/{snapshot_id}',
      'GET /snapshots/{snapshot_id}/changes',
      'POST /snapshots/rollback',
      'POST /trade-links',
      'GET /trade-links/{order_id}',
      'POST /fills',
      'GET /trades',
      'POST /summaries',
      'GET /summaries',
      'GET /comparison',
      'GET /coverage',
      'GET /report',
      'GET /openapi.json',
      'GET /health',
      'GET /health/database',
    ];
    expect(designed.filter((route) => !routes.includes(route))).toEqual([]);
    expect(new Set(routes).size).toBe(routes.length);
  });

  test('has no dangling references', () => {
    const references = [...JSON.stringify(committed).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(0);
    const missing = references.filter(
      (path) => path.split('/').reduce((part, name) => part?.[name], committed) === undefined,
    );
    expect(missing).toEqual([]);
  });

  test('documents every path parameter, operation and response, and every body as JSON', () => {
    for (const [path, methods] of Object.entries<Record<string, Documented>>(committed.paths)) {
      for (const operation of Object.values(methods)) {
        const named = (operation.parameters ?? [])
          .filter((parameter) => parameter.in === 'path')
          .map(({ name }) => name);
        expect(named, path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
        expect(operation.summary).toMatch(/\w/);
        expect(Object.values(operation.responses).filter(({ description }) => !description)).toEqual([]);
        if (operation.requestBody) expect(Object.keys(operation.requestBody.content)).toEqual(['application/json']);
      }
    }
  });

  test('requires a signature everywhere except for /health', () => {
    const open = Object.entries<Record<string, { security?: unknown[] }>>(committed.paths)
      .filter(([, methods]) => Object.values(methods).some(({ security }) => security?.length === 0))
      .map(([path]) => path);
    expect(open).toEqual(['/health']);
    expect(committed.security).not.toEqual([]);
  });

  test('has an example of every body and every JSON response, except for the document itself', () => {
    const documented = Object.values<Record<string, Documented>>(committed.paths).flatMap(Object.values<Documented>);
    const without = documented.flatMap(({ operationId, requestBody, responses }) =>
      [requestBody, ...Object.values(responses)].flatMap((part) =>
        Object.entries(part?.content ?? {})
          .filter(([mediaType, { example }]) => mediaType.endsWith('json') && example === undefined)
          .map(() => operationId),
      ),
    );
    expect(documented.length).toBe(operations.length);
    expect(without).toEqual(['getOpenApi']);
  });

  test('passes the Redocly linter without warnings', async () => {
    const problems = await lint({ ref: path, config: await createConfig({ extends: ['all'], rules: notAsked }) });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`)).toEqual(
      [],
    );
    const broken = await lintFromString({
      source: readFileSync(path, 'utf8').replaceAll('"operationId"', '"x-id"'),
      config: await createConfig({ extends: ['all'] }),
    });
    expect(broken.map(({ ruleId }) => ruleId)).toContain('operation-operationId');
  });
});

/** Rules that are matters of taste, or that this API deviates from on purpose. */
const notAsked = {
  'info-contact': 'off', // depends on who operates the service
  'info-license-url': 'off', // replaced by the identifier in 3.1
  'operation-4xx-problem-details-rfc7807': 'off', // API Gateway has its own error bodies
  'path-http-verbs-order': 'off', // ordered by workflow
  'tags-alphabetical': 'off', // ordered by workflow
  'path-segment-plural': 'off', // there is one active snapshot
  'required-string-property-missing-min-length': 'off',
  'response-mime-type': 'off', // RFC 9457 has its own media type
  'scalar-property-missing-example': 'off', // whole bodies have examples
} as const;

interface Documented {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string } & Body>>;
  readonly requestBody?: Body;
}

interface Body {
  readonly content: Readonly<Record<string, { readonly example?: unknown }>>;
}
