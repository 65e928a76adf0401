import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import packageJson from '../package.json' with { type: 'json' };
import type { Answer, Operation } from './contract/operation.ts';
import { Problem } from './contract/problem.ts';
import { operations } from './operations.ts';

/** What every operation may answer besides its own. */
const COMMON_PROBLEMS = [400, 429, 500, 503];

const meanings: Readonly<Record<number, string>> = {
  400: 'The request is wrong; `errors` names what',
  403: 'The request is not signed, or not by somebody who may (from API Gateway)',
  404: 'There is no such thing',
  409: 'It contradicts what stands here',
  413: 'It is too large',
  415: 'The body is not JSON',
  422: 'The Idempotency-Key was used for another request',
  429: 'Too many requests at once (from API Gateway)',
  500: 'The service failed',
  503: 'The database is waking up or busy: try again after `Retry-After` seconds',
};

/** The OpenAPI 3.1 document of all operations. `npm run openapi` writes it to `openapi.json`, which is committed and served. */
export function openApiDocument() {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: documented(operation) };
  }
  const definition: ZodOpenApiObject = {
    openapi: '3.1.0',
    info: {
      title: 'Strategy snapshots',
      version: packageJson.version,
      description: packageJson.description,
      license: { name: packageJson.license, identifier: packageJson.license },
    },
    tags: [...new Set(operations.map(({ capability }) => capability))].map((name) => ({ name })),
    servers: [{ url: 'http://127.0.0.1:3000', description: 'This machine' }],
    security: [{ sigv4: [] }],
    components: {
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4, service execute-api. Not asked for on this machine.',
        },
      },
    },
    paths,
  };
  // Custom schemas say what they are in their metadata.
  return createDocument(definition, { allowEmptySchema: { custom: true, unknown: true } });
}

function documented(operation: Operation): ZodOpenApiOperationObject {
  const { path, query } = operation.input;
  const header =
    operation.idempotent &&
    z.object({
      'Idempotency-Key': z
        .string()
        .min(1)
        .max(200)
        .optional()
        .meta({ description: 'A repeat within 7 days gets the first answer and changes nothing' }),
    });
  const body = operation.items
    ? z.union([operation.items.schema, z.array(operation.items.schema).min(1).max(operation.items.most)])
    : operation.input.body;
  return {
    operationId: operation.id,
    tags: [operation.capability],
    summary: operation.summary,
    ...(operation.description ? { description: operation.description } : {}),
    ...(operation.access === 'public' ? { security: [] } : {}),
    requestParams: {
      ...(path ? { path: path as z.ZodObject } : {}),
      ...(query ? { query: query as z.ZodObject } : {}),
      ...(header ? { header } : {}),
    },
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: { ...answers(operation), ...problems(operation) },
  };
}

function answers({ answers }: Operation): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      { description: answer.description, content: contentOf(answer) },
    ]),
  );
}

function contentOf({ schema, mediaTypes = ['application/json'] }: Answer) {
  return Object.fromEntries(
    mediaTypes.map((mediaType) => [mediaType, { schema: mediaType.endsWith('json') && schema ? schema : z.string() }]),
  );
}

function problems({ access, input, problems = [] }: Operation): ZodOpenApiResponsesObject {
  const statuses = [
    ...COMMON_PROBLEMS,
    ...(access === 'public' ? [] : [403]),
    ...(input.body ? [415] : []),
    ...problems,
  ];
  return Object.fromEntries(
    statuses.sort().map((status) => [
      status,
      {
        description: meanings[status] ?? '',
        content: { 'application/problem+json': { schema: Problem } },
        ...(status === 503 ? { headers: z.object({ 'Retry-After': z.string() }) } : {}),
      },
    ]),
  );
}
