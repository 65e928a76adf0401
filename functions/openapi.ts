import { STATUS_CODES } from 'node:http';
import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import packageJson from '../package.json' with { type: 'json' };
import type { Answer, Capability, Operation } from './contract/operation.ts';
import { Problem } from './contract/problem.ts';
import recordedExamples from './examples.json' with { type: 'json' };
import { operations } from './operations.ts';

/** Error statuses that every operation may return. */
const COMMON_PROBLEMS = [400, 429, 500, 503];

/** Error statuses returned by API Gateway itself. Ours has 403 too, for signers that may not use a bot. */
const GATEWAY_PROBLEMS = [403, 429];
const OUR_PROBLEMS = [403];

const meanings: Readonly<Record<number, string>> = {
  400: 'The request is invalid; `errors` lists the problems',
  403: 'The request is not signed, or its signer is not authorized (from API Gateway), or may not use this bot',
  404: 'The requested resource does not exist',
  409: 'The request conflicts with stored data',
  413: 'The request is too large',
  415: 'The body is not JSON',
  422: 'The Idempotency-Key was used for a different request',
  429: 'Too many requests at once (from API Gateway)',
  500: 'The service failed',
  503: 'The database is resuming or busy: retry after `Retry-After` seconds',
};

const capabilities: Readonly<Record<Capability, string>> = {
  snapshots: 'The settings that a bot trades with, and since when',
  'trade-links': 'The signal and the snapshot behind each order',
  trades: 'Executions, the trades that they close, and their attribution',
  summaries: 'Daily figures of each snapshot',
  comparison: 'Which settings earn more, and how strong the evidence is',
  experiments: 'Randomised tests of new settings against the old ones',
  report: 'The mailed reports',
  service: 'The service itself',
};

/** Responses of the service to two days of trading, by operation. The file is written by the test that plays these days. */
const examples: Readonly<Record<string, Example>> = recordedExamples;

interface Example {
  readonly request?: unknown;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** The error body of API Gateway. */
const GatewayMessage = z
  .object({ message: z.string() })
  .meta({ id: 'GatewayMessage', description: 'An error from API Gateway itself' });

/** Builds the OpenAPI 3.1 document of all operations. `npm run openapi` writes it to `openapi.json`, which is committed and served. */
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
    tags: Object.entries(capabilities).map(([name, description]) => ({ name, description })),
    servers: [
      { url: 'http://127.0.0.1:3000', description: 'Local' },
      {
        url: 'https://{api_id}.execute-api.{region}.amazonaws.com',
        description: 'AWS: the output ApiUrl of the service stack',
        variables: { api_id: { default: 'API_ID' }, region: { default: 'eu-west-1' } },
      },
    ],
    security: [{ sigv4: [] }],
    components: {
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4, service execute-api. Not required locally.',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
    },
    paths,
  };
  // Custom schemas have no JSON Schema of their own; their metadata describes them.
  const document = createDocument(definition, { allowEmptySchema: { custom: true, unknown: true } });
  for (const methods of Object.values(document.paths ?? {}))
    for (const operation of Object.values(methods)) describeParameters(operation.parameters ?? []);
  return document;
}

/** Copies the descriptions of schemas to their parameters, where tools look for them. */
function describeParameters(parameters: readonly { description?: string; schema?: { description?: string } }[]): void {
  for (const parameter of parameters) parameter.description ??= parameter.schema?.description;
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
        .meta({ description: 'A repeated request within 7 days gets the first response and changes nothing' }),
    });
  const body = operation.items
    ? z.union([operation.items.schema, z.array(operation.items.schema).min(1).max(operation.items.most)])
    : operation.input.body;
  return {
    operationId: operation.id,
    tags: [operation.capability],
    summary: operation.summary,
    description: operation.description,
    ...(operation.access === 'public' ? { security: [] } : {}),
    requestParams: {
      ...(path ? { path: path as z.ZodObject } : {}),
      ...(query ? { query: query as z.ZodObject } : {}),
      ...(header ? { header } : {}),
    },
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: body, example: examples[operation.id]?.request } },
          },
        }
      : {}),
    responses: { ...answers(operation), ...unchanged(operation), ...problems(operation) },
  };
}

function answers({ id, method, answers }: Operation): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      {
        description: answer.description,
        ...(method === 'GET' ? { headers: z.object({ ETag: z.string() }) } : {}),
        content: contentOf(answer, examples[id]?.answers[status]),
      },
    ]),
  );
}

/** Reads carry an ETag, and are answered without a body when the caller has that version. */
const unchanged = ({ method }: Operation): ZodOpenApiResponsesObject =>
  method === 'GET' ? { 304: { description: 'The caller’s `If-None-Match` names this version' } } : {};

function contentOf({ schema, mediaTypes = ['application/json'] }: Answer, example: unknown) {
  return Object.fromEntries(
    mediaTypes.map((mediaType) => [
      mediaType,
      mediaType.endsWith('json') && schema ? { schema, ...(example ? { example } : {}) } : { schema: z.string() },
    ]),
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
        content: {
          ...(GATEWAY_PROBLEMS.includes(status) ? gatewayProblem(status) : problem(status)),
          ...(OUR_PROBLEMS.includes(status) ? problem(status) : {}),
        },
        ...(status === 503 ? { headers: z.object({ 'Retry-After': z.string() }) } : {}),
      },
    ]),
  );
}

const problem = (status: number) => ({
  'application/problem+json': {
    schema: Problem,
    example: {
      type: 'about:blank',
      title: STATUS_CODES[status],
      status,
      detail: 'the reason, in plain words',
      ...(status === 400 ? { errors: [{ path: '/notes', message: 'must not contain U+0000' }] } : {}),
    },
  },
});

const gatewayProblem = (status: number) => ({
  'application/json': { schema: GatewayMessage, example: { message: STATUS_CODES[status] } },
});
