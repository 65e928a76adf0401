import type * as z from 'zod';
import type { Answer, Operation } from '../../functions/contract/operation.ts';
import type { Send } from './send.ts';

type Answers = Readonly<Record<number, Answer>>;

/** The bodies that an operation may answer with, by its contract. */
export type BodyOf<Promised extends Answers> = {
  [Status in keyof Promised]: Promised[Status] extends { readonly schema: infer Schema extends z.ZodType }
    ? z.output<Schema>
    : unknown;
}[keyof Promised];

export interface Received<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Input {
  readonly path?: Readonly<Record<string, string | number>>;
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

/** Calls an operation of the API.
 *  @throws UnexpectedStatus when the service refused; Error when the response does not match the contract */
export type Api = <Promised extends Answers>(
  operation: Operation<z.ZodType, z.ZodType, z.ZodType, Promised>,
  input?: Input,
) => Promise<Received<BodyOf<Promised>>>;

export function apiBy(send: Send): Api {
  return async <Promised extends Answers>(
    operation: Operation<z.ZodType, z.ZodType, z.ZodType, Promised>,
    input: Input = {},
  ) => {
    const response = await send(pathOf(operation.path, input), input.body, { method: operation.method });
    const { status, headers } = response;
    const text = await response.text();
    const promised = operation.answers[status];
    if (!promised) throw new UnexpectedStatus(status, headers, text);
    const isJson = headers.get('content-type')?.startsWith('application/json');
    const body = isJson ? JSON.parse(text) : text;
    const parsed = isJson ? promised.schema?.safeParse(body) : undefined;
    if (!parsed || parsed.success) return { status, headers, body };
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('/')}: ${message}`);
    throw new Error(`the response does not match the contract: ${faults.join('; ')}`);
  };
}

function pathOf(template: string, { path = {}, query = {} }: Input): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return `${template.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(path[name])))}?${search}`;
}

export class UnexpectedStatus extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;

  constructor(status: number, headers: Headers, text: string) {
    super(`it answered ${status} ${text}`);
    this.status = status;
    this.headers = headers;
    this.text = text;
  }
}
