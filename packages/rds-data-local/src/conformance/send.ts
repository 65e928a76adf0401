import { setTimeout as pause } from 'node:timers/promises';

/** Posts a request to an operation's path; adds the cluster, the secret and the database. */
export type Send = (path: string, request: object) => Promise<DataApiAnswer>;

export type DataApiAnswer = {
  readonly status: number;
  /** Such as `BadRequestException`; null when the request succeeded. */
  readonly errorName: string | null;
  readonly body: DataApiBody;
};

/** The members of an answer as they are on the wire. */
export type DataApiBody = {
  readonly message?: string | undefined;
  readonly records?: readonly (readonly Readonly<Record<string, unknown>>[])[];
  readonly formattedRecords?: string;
  readonly columnMetadata?: readonly object[];
  readonly numberOfRecordsUpdated?: number;
  readonly updateResults?: readonly object[];
  readonly transactionId?: string;
  readonly transactionStatus?: string;
};

export type Caller = {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
};

/** Posts JSON; on AWS, signed for `rds-data`. */
export type Post = (url: string, body: object) => Promise<Response>;

/** Posts without a signature, which a local endpoint does not ask for. */
export const postUnsigned: Post = (url, body) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Time to wait for a paused cluster, which takes 10 to 30 s to resume. */
const RESUMING = { pauseMs: 1_000, attempts: 60 };

/** Calls the Data API at an endpoint without the SDK, which would reject some requests of the cases. */
export function sendAs(caller: Caller, post: Post, endpoint: string): Send {
  const send = async (path: string, request: object, attempts: number): Promise<DataApiAnswer> => {
    const response = await post(`${endpoint}${path}`, { ...caller, ...request });
    const errorName = nameIn(response.headers.get('x-amzn-errortype'));
    const body = (await response.json()) as DataApiBody;
    if (errorName !== 'DatabaseResumingException' || attempts === 0)
      return { status: response.status, errorName, body };
    await pause(RESUMING.pauseMs);
    return send(path, request, attempts - 1);
  };
  return (path, request) => send(path, request, RESUMING.attempts);
}

/** The header may have an address after a colon. */
const nameIn = (header: string | null): string | null => header?.split(':')[0] ?? null;

/** @throws Error with the database's message when the statement failed */
export async function execute(send: Send, sql: string): Promise<DataApiBody> {
  const { status, errorName, body } = await send('/Execute', { sql });
  if (status !== 200) throw new Error(`${sql}: ${errorName} ${body.message}`);
  return body;
}
