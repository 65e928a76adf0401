import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { botsOfCaller } from '../access/access.ts';
import { text } from '../contract/fields.ts';
import { issuesOf } from '../contract/issues.ts';
import { DuplicateKey, parseJson } from '../contract/json.ts';
import type { Operation } from '../contract/operation.ts';
import { type InputIssue, InvalidInput, UnsupportedMediaType } from '../errors.ts';

/** The parsed parts of a request, as an operation's function receives them. */
export interface Input<Path, Query, Body> {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  /** The caller's `Idempotency-Key`, or else the id of this invocation, so that retries of SQL within it are idempotent. */
  readonly idempotencyKey: string;
  /** The bots that the caller may use; null: all. */
  readonly bots: readonly string[] | null;
}

const IdempotencyKey = z.object({ 'Idempotency-Key': text(200).min(1) });

/** Parses a request. @throws InvalidInput with each invalid parameter and field, UnsupportedMediaType */
export function inputOf<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  operation: Operation<Path, Query, Body>,
  event: APIGatewayProxyEventV2,
  requestId: string,
): Input<z.output<Path>, z.output<Query>, z.output<Body>> {
  const { path, query, body } = operation.input;
  const issues: InputIssue[] = [];
  const parse = <Schema extends z.ZodType>(
    schema: Schema | undefined,
    value: unknown,
    at: '' | '/',
  ): z.output<Schema> => {
    const parsed = schema ? schema.safeParse(value) : nothing;
    if (!parsed.success) issues.push(...issuesOf(parsed.error, at));
    return parsed.data as z.output<Schema>;
  };
  const input = {
    path: parse(path, decodedPath(event), ''),
    query: parse(query ?? noParameters, event.queryStringParameters ?? {}, '') as z.output<Query>,
    body: parse(body, body && bodyOf(event), '/'),
    idempotencyKey: operation.idempotent
      ? parse(IdempotencyKey, { 'Idempotency-Key': event.headers['idempotency-key'] ?? requestId }, '')?.[
          'Idempotency-Key'
        ]
      : requestId,
    bots: botsOfCaller(event),
  };
  if (issues.length > 0) throw new InvalidInput(issues);
  return input;
}

const noParameters = z.strictObject({});
const nothing = { success: true, data: undefined } as const;

/** Path parameters, decoded once. HTTP APIs deliver `rawPath` decoded; whether the parameters are decoded too is not documented, and differs
 *  between gateways and emulators. One that is in the decoded path as it is has been decoded: again would turn `%20` in an id into a space. */
function decodedPath({ pathParameters, rawPath }: APIGatewayProxyEventV2): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(pathParameters ?? {}).map(([name, value = '']) => [
        name,
        rawPath.includes(`/${value}`) ? value : decodeURIComponent(value),
      ]),
    );
  } catch {
    throw new InvalidInput([{ path: '', message: 'the path is not correctly percent-encoded' }]);
  }
}

function bodyOf(event: APIGatewayProxyEventV2): unknown {
  const mediaType = event.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== undefined && !/^application\/(.+\+)?json$/.test(mediaType)) {
    throw new UnsupportedMediaType(`the body must be application/json, not ${mediaType}`);
  }
  try {
    const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof DuplicateKey)
      throw new InvalidInput([{ path: error.path, message: 'is given twice: which value is meant is unknown' }]);
    const reason =
      error instanceof RangeError
        ? 'it is nested too deeply'
        : error instanceof TypeError
          ? 'it is not UTF-8'
          : withoutQuote((error as Error).message);
    throw new InvalidInput([{ path: '', message: `the body is not JSON: ${reason}` }]);
  }
}

/** The message of a SyntaxError without its quotation of the body, which may contain a secret. */
const withoutQuote = (message: string): string =>
  message.replace(/,? ?(\.\.\.)?".*" is not valid JSON$/s, '') || 'it is malformed';
