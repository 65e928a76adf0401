import { randomUUID } from 'node:crypto';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import type { Engine, Faults } from '@strategy-snapshots/rds-data-local';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { afterAll } from 'vitest';
import type { Capability } from '../../functions/contract/operation.ts';
import { dataApi } from '../../functions/database/data-api.ts';
import type { Database } from '../../functions/database/database.ts';
import { operations } from '../../functions/operations.ts';
import { mailings, nightlyBots } from '../../functions/queues.ts';
import { APP_SECRET_ARN, RESOURCE_ARN } from '../../local/arns.ts';
import { lambdaContext } from '../../local/context.ts';
import { functionEnvironment } from '../../local/environment.ts';
import { startQueues } from '../../local/queue.ts';
import { expectToFitContract } from './contract.ts';
import { dataApiOver } from './data-api.ts';
import { migratedDatabase } from './database.ts';
import { asFunction } from './recorded-calls.ts';

/** The response of a handler, with its JSON parsed. Its body is untyped: tests check its shape. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses like callers, without types
  readonly body: any;
}

export interface Sending {
  readonly body?: unknown;
  /** The raw body, instead of `body`. */
  readonly rawBody?: string | Buffer;
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly base64?: boolean;
  /** The ARN of the IAM identity that signed the request. */
  readonly signer?: string | undefined;
}

type ApiHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;
type ScheduleName = keyof typeof scheduled;
type ByHand = { readonly kind?: 'daily' | 'weekly'; readonly date?: string; readonly resend?: boolean };
type ScheduledHandler = (event: unknown, context: Context) => Promise<Record<string, unknown>>;

export interface Service {
  /** Calls an operation through its deployed handler, with an event of API Gateway. Every response is checked against the contract.
   *  @example call('GET /snapshots/{snapshot_id}', { path: { snapshot_id: '0f8fad5b-…' } }) */
  readonly call: (route: string, sending?: Sending) => Promise<Reply>;
  /** Fires a schedule like EventBridge Scheduler at that time, and waits for the queues; `byHand` adds fields that are set by hand. */
  readonly fire: (schedule: ScheduleName, at: string, byHand?: ByHand) => Promise<Record<string, unknown>>;
  /** Delivers an event of SES, as EventBridge does. */
  readonly report: (event: object) => Promise<object>;
  /** The database of this service, as its functions use it. `call` goes to the last service that a file has started. */
  readonly database: Database;
  /** Runs SQL as the owner of the database, for checks and for damage on purpose. */
  readonly sql: <Row = Record<string, unknown>>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
}

interface Settings {
  /** The endpoint of SES. */
  readonly ses?: string;
  /** Faults of the Data API. */
  readonly faults?: Faults;
  /** Another database, with its Data API, which its caller stops. */
  readonly on?: { readonly engine: Engine; readonly url: string };
}

/** Starts the deployed handlers on a migrated database of this test file. Stopped after the file. */
export async function startService({ ses = 'http://127.0.0.1:9', faults, on }: Settings = {}): Promise<Service> {
  const engine = on?.engine ?? (await migratedDatabase());
  const served = on ? { url: on.url, close: async () => {} } : await dataApiOver(engine, faults);
  const queues = await startQueues([
    {
      definition: nightlyBots,
      deliver: (event) =>
        asFunction(nightlyBots.entry, async () => {
          const { handler } = await import('../../functions/summaries/nightly-bots.ts');
          return handler(event, lambdaContext(14 * 60_000));
        }),
    },
    {
      definition: mailings,
      deliver: (event) =>
        asFunction(mailings.entry, async () => {
          const { handler } = await import('../../functions/report/mailings.ts');
          return handler(event, lambdaContext(14 * 60_000));
        }),
    },
  ]);
  Object.assign(process.env, functionEnvironment({ database: served.url, ses }), {
    // At full size, a rare failure has to say its reason.
    POWERTOOLS_LOG_LEVEL: process.env.RELIABILITY === 'full' ? 'ERROR' : 'SILENT',
    ...queues.environment,
    REPORT_SENDER: 'reports@example.com',
    REPORT_RECIPIENTS: 'first@example.com,second@example.com',
    REPORT_CONFIGURATION_SET: 'strategy-snapshots-test',
  });
  afterAll(async () => {
    await queues.close();
    await served.close();
    if (!on) await engine.close();
  });

  return {
    database: databaseAt(served.url),
    async call(route, sending = {}) {
      const capability = operations.find(({ method, path }) => `${method} ${path}` === route)?.capability ?? 'service';
      const {
        statusCode = 200,
        headers = {},
        body = '',
      } = await asFunction(`functions/${capability}/handler.ts`, async () =>
        (await apiHandler(capability))(eventOf(route, sending), lambdaContext(29_000)),
      );
      const reply = {
        status: statusCode,
        headers,
        body: String(headers['content-type']).includes('json') ? JSON.parse(body) : body,
      };
      expectToFitContract(route, reply);
      return reply;
    },
    async fire(schedule, at, byHand = {}) {
      const { entry, load } = scheduled[schedule];
      const { handler } = await load();
      const result = await asFunction(entry, () =>
        (handler as ScheduledHandler)({ schedule, at, ...byHand }, lambdaContext(14 * 60_000)),
      );
      await queues.drained();
      return result;
    },
    report(event) {
      return asFunction('functions/report/mail-events.ts', async () => {
        const { handler } = await import('../../functions/report/mail-events.ts');
        return (handler as (event: object, context: Context) => Promise<object>)(event, lambdaContext(60_000));
      });
    },
    async sql<Row>(text: string, values: readonly unknown[] = []) {
      const client = await engine.connect();
      try {
        return (await client.query(text, [...values])).rows as Row[];
      } finally {
        client.release();
      }
    },
  };
}

const databaseAt = (endpoint: string): Database =>
  dataApi(
    new RDSDataClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
    { resourceArn: RESOURCE_ARN, secretArn: APP_SECRET_ARN, database: 'postgres' },
    new AbortController().signal,
  );

/** Imports a handler, after the environment is set: functions read it when they are loaded. */
async function apiHandler(capability: Capability): Promise<ApiHandler> {
  return (await import(`../../functions/${capability}/handler.ts`)).handler;
}

const scheduled = {
  'daily-summary': {
    entry: 'functions/summaries/nightly.ts',
    load: () => import('../../functions/summaries/nightly.ts'),
  },
  'daily-report': { entry: 'functions/report/daily.ts', load: () => import('../../functions/report/daily.ts') },
  'bot-reports': {
    entry: 'functions/report/bot-reports.ts',
    load: () => import('../../functions/report/bot-reports.ts'),
  },
  'weekly-review': { entry: 'functions/report/weekly.ts', load: () => import('../../functions/report/weekly.ts') },
} as const;

function eventOf(
  route: string,
  { body, rawBody, path = {}, query = {}, headers = {}, base64 = false, signer }: Sending,
): APIGatewayProxyEventV2 {
  const [method = 'GET', template = '/'] = route.split(' ');
  const text = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
  const asText = (values: Readonly<Record<string, string | number>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  const rawPath = template.replaceAll(/\{(\w+)\}/g, (_, name) => String(path[name]));
  return {
    version: '2.0',
    routeKey: operations.some((operation) => `${operation.method} ${operation.path}` === route) ? route : '$default',
    rawPath,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', ...headers },
    pathParameters: asText(path),
    queryStringParameters: asText(query),
    body: base64 ? (typeof text === 'string' ? Buffer.from(text) : text)?.toString('base64') : text?.toString(),
    isBase64Encoded: base64,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'localhost',
      domainPrefix: 'local',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: randomUUID(),
      routeKey: route,
      stage: '$default',
      time: '22/Nov/2026:08:00:00 +0000',
      timeEpoch: 1_795_334_400_000,
      ...(signer === undefined ? {} : { authorizer: { iam: { userArn: signer } } }),
    },
  };
}
