import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { APP_SECRET_ARN, DATABASE_NAME, MASTER_SECRET_ARN, RESOURCE_ARN } from '../../local/arns.ts';
import { type Endpoints, functionEnvironment } from '../../local/environment.ts';
import type { RunningQueues } from '../../local/queue.ts';
import { type DeployedFunction, startFunction } from './deployed-function.ts';

interface FunctionResource {
  readonly Type: string;
  readonly Properties: {
    readonly Description?: string;
    readonly MemorySize?: number;
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
  };
  readonly Metadata?: { readonly 'aws:asset:path'?: string };
}

/** A function as a deployment uploads it. */
export interface Synthesised {
  readonly bundle: string;
  /** In MB. */
  readonly memory: number;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The functions as built by `cdk synth`, by their entry. */
export async function synthesised(directory: string): Promise<ReadonlyMap<string, Synthesised>> {
  const out = join(directory, 'cdk.out');
  await promisify(execFile)('cdk', ['synth', '--quiet', '-c', 'report_sender=reports@example.com', '-o', out]);
  const { Resources } = JSON.parse(await readFile(join(out, 'Service.template.json'), 'utf8')) as {
    Resources: Record<string, FunctionResource>;
  };
  return new Map(
    Object.values(Resources)
      .filter(({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties.Description)
      .map(({ Properties, Metadata }) => [
        Properties.Description ?? '',
        {
          bundle: join(out, Metadata?.['aws:asset:path'] ?? '', 'index.mjs'),
          memory: Properties.MemorySize ?? 128,
          variables: Properties.Environment?.Variables ?? {},
        },
      ]),
  );
}

/** Starts a function in a folder without `node_modules`, with only its own environment, the local AWS endpoints, and queues. */
export async function startSynthesised(
  { bundle, variables }: Synthesised,
  directory: string,
  endpoints: Endpoints,
  { environment: queues }: RunningQueues,
): Promise<DeployedFunction> {
  const place = await mkdtemp(join(directory, 'function-'));
  await cp(dirname(bundle), place, { recursive: true });
  const local = Object.entries(functionEnvironment(endpoints)).filter(([name]) => name.startsWith('AWS_'));
  // The local database has a different name.
  const environment = {
    ...Object.fromEntries(local),
    ...queues,
    ...resolved(variables, queues),
    DATABASE_NAME,
  };
  return startFunction(join(place, 'index.mjs'), environment);
}

/** Resolves a token as CloudFormation would, with local values. */
function resolved(
  variables: Readonly<Record<string, unknown>>,
  queues: Readonly<Record<string, string>>,
): Record<string, string> {
  const standIn = (name: string, value: unknown): string => {
    if (typeof value === 'string') return value;
    const token = JSON.stringify(value);
    if (/MasterUserSecret/.test(token)) return MASTER_SECRET_ARN;
    if (/AppSecret/.test(token)) return APP_SECRET_ARN;
    if (/:rds:/.test(token)) return RESOURCE_ARN;
    const queue = /Queue/.test(token) ? queues[name] : undefined;
    if (queue !== undefined) return queue;
    throw new Error(`nothing stands for ${token} on this machine`);
  };
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, standIn(name, value)]));
}

/** An event of API Gateway, as documented. */
export const request = (
  routeKey: string,
  { body, query = {}, path }: { body?: unknown; query?: Record<string, string>; path?: Record<string, string> } = {},
) => ({
  version: '2.0',
  routeKey,
  rawPath: routeKey.split(' ')[1],
  rawQueryString: new URLSearchParams(query).toString(),
  headers: { 'content-type': 'application/json' },
  queryStringParameters: query,
  ...(path && { pathParameters: path }),
  requestContext: {
    http: { method: routeKey.split(' ')[0], path: routeKey.split(' ')[1] },
    requestId: 'id',
    stage: '$default',
  },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  isBase64Encoded: false,
});
