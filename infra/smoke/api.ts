import type { Operation } from '../../functions/contract/operation.ts';
import type { SignedFetch } from './signed-fetch.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

interface Input {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Calls an operation of the deployed API.
 *  @throws Error when the answer is none that the contract has for it */
export type Api = (operation: Operation, input?: Input) => Promise<Answer>;

export function apiAt(url: string, send: SignedFetch): Api {
  return async (operation, { query = {}, body } = {}) => {
    const { status, headers, text } = await read(
      await send(`${url}${operation.path}?${new URLSearchParams(query)}`, body),
    );
    const promised = operation.answers[status];
    if (!promised) throw new UnexpectedStatus(status, headers, text);
    const isJson = headers.get('content-type')?.startsWith('application/json');
    const answer = { status, headers, body: isJson ? JSON.parse(text) : text };
    const parsed = promised.schema?.safeParse(answer.body);
    if (!parsed || parsed.success) return answer;
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('/')}: ${message}`);
    throw new Error(`the answer is not what the contract says: ${faults.join('; ')}`);
  };
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

const read = async (response: Response) => ({
  status: response.status,
  headers: response.headers,
  text: await response.text(),
});
