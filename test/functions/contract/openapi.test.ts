import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openApiDocument } from '../../../functions/openapi.ts';
import { operations } from '../../../functions/operations.ts';

const committed = JSON.parse(readFileSync(new URL('../../../functions/openapi.json', import.meta.url), 'utf8'));

describe('the OpenAPI document', () => {
  test('that is committed is the one that the contracts make (if not: npm run openapi)', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  test('is OpenAPI 3.1 and has every operation under its own id', () => {
    expect(committed.openapi).toMatch(/^3\.1\./);
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const documented = Object.entries<Record<string, { operationId: string }>>(committed.paths).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(operations.map(({ id, method, path }) => `${id} ${method} ${path}`).sort());
  });

  test('has the routes of the design, and no other but what later issues add', () => {
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

  test('refers to nothing that is not in it', () => {
    const references = [...JSON.stringify(committed).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(0);
    const missing = references.filter(
      (path) => path.split('/').reduce((part, name) => part?.[name], committed) === undefined,
    );
    expect(missing).toEqual([]);
  });

  test('names every path parameter, says what every operation and answer is, and that every body is JSON', () => {
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

  test('asks for a signature everywhere but at /health', () => {
    const open = Object.entries<Record<string, { security?: unknown[] }>>(committed.paths)
      .filter(([, methods]) => Object.values(methods).some(({ security }) => security?.length === 0))
      .map(([path]) => path);
    expect(open).toEqual(['/health']);
    expect(committed.security).not.toEqual([]);
  });

  test('has examples that its own schemas take', () => {
    const examples = operations.flatMap(({ id, answers }) =>
      Object.entries(answers).flatMap(([status, { schema, example }]) =>
        schema && example !== undefined ? [{ id, status, parsed: z.safeParse(schema, example) }] : [],
      ),
    );
    expect(examples.filter(({ parsed }) => !parsed.success)).toEqual([]);
  });
});

interface Documented {
  readonly summary: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
}
