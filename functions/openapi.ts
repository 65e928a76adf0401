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
import told from './examples.json' with { type: 'json' };
import { operations } from './operations.ts';

/** What every operation may answer besides its own. */
const COMMON_PROBLEMS = [400, 429, 500, 503];

/** What API Gateway refuses by itself. */
const GATEWAY_PROBLEMS = [403, 429];

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

const capabilities: Readonly<Record<Capability, string>> = {
  snapshots: 'Which settings the bot trades with, and since when',
  'trade-links': 'What made an order',
  trades: 'Executions, the trades that they close, and how they are attributed',
  summaries: 'The days of each snapshot, in numbers',
  comparison: 'Which settings earn more, and what the evidence is',
  report: 'What is mailed',
  service: 'The service itself',
};

/** What the service answered to two days of trading, by operation: the test that plays them writes this file. */
const examples: Readonly<Record<string, Example>> = told;

interface Example {
  readonly request?: unknown;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** What API Gateway says in its own words. */
const GatewayMessage = z
  .object({ message: z.string() })
  .meta({ id: 'GatewayMessage', description: 'From API Gateway itself' });

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
    tags: Object.entries(capabilities).map(([name, description]) => ({ name, description })),
    servers: [
      { url: 'http://127.0.0.1:3000', description: 'This machine' },
      {
        url: 'https://{api_id}.execute-api.{region}.amazonaws.com',
        description: 'AWS: the output ApiUrl of the service’s stack',
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
          description: 'AWS Signature Version 4, service execute-api. Not asked for on this machine.',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
    },
    paths,
  };
  // Custom schemas say what they are in their metadata.
  const document = createDocument(definition, { allowEmptySchema: { custom: true, unknown: true } });
  for (const methods of Object.values(document.paths ?? {}))
    for (const operation of Object.values(methods)) describeParameters(operation.parameters ?? []);
  return document;
}

/** What a schema says of itself stands at the parameter too, where tools look for it. */
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
        .meta({ description: 'A repeat within 7 days gets the first answer and changes nothing' }),
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
    responses: { ...answers(operation), ...problems(operation) },
  };
}

function answers({ id, answers }: Operation): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      { description: answer.description, content: contentOf(answer, examples[id]?.answers[status]) },
    ]),
  );
}

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
        content: GATEWAY_PROBLEMS.includes(status) ? gatewayProblem(status) : problem(status),
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
      detail: 'why, in words',
      ...(status === 400 ? { errors: [{ path: '/notes', message: 'must not contain U+0000' }] } : {}),
    },
  },
});

const gatewayProblem = (status: number) => ({
  'application/json': { schema: GatewayMessage, example: { message: STATUS_CODES[status] } },
});
