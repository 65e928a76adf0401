import { setTimeout as pause } from 'node:timers/promises';
import type { SignedFetch } from '../../service/signed-fetch.ts';

/** Posts a request to an operation's path, with what says for whom and in which database it is. */
export type Send = (path: string, request: object) => Promise<DataApiAnswer>;

export interface DataApiAnswer {
  readonly status: number;
  /** Such as `BadRequestException`; null when it is no error. */
  readonly errorType: string | null;
  readonly body: DataApiBody;
}

/** The members of an answer as they are on the wire. */
export interface DataApiBody {
  readonly message?: string | undefined;
  readonly records?: readonly (readonly Readonly<Record<string, unknown>>[])[];
  readonly columnMetadata?: readonly object[];
  readonly numberOfRecordsUpdated?: number;
  readonly updateResults?: readonly object[];
  readonly transactionId?: string;
  readonly transactionStatus?: string;
}

export interface Login {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
}

/** A paused cluster takes 10 to 30 s to resume. */
const RESUMING = { pauseMs: 1_000, attempts: 60 };

/** The Data API at `endpoint`, as it is without the SDK, which would not send every request that the cases have. */
export function sendAs(login: Login, fetchSigned: SignedFetch, endpoint: string): Send {
  const send = async (path: string, request: object, attempts = RESUMING.attempts): Promise<DataApiAnswer> => {
    const response = await fetchSigned(`${endpoint}${path}`, { ...login, ...request });
    const errorType = nameOf(response.headers.get('x-amzn-errortype'));
    const body = (await response.json()) as DataApiBody;
    if (errorType !== 'DatabaseResumingException' || attempts === 0)
      return { status: response.status, errorType, body };
    await pause(RESUMING.pauseMs);
    return send(path, request, attempts - 1);
  };
  return (path, request) => send(path, request);
}

/** The header may go on with an address after a colon. */
const nameOf = (header: string | null): string | null => header?.split(':')[0] ?? null;

/** @throws Error with what the database said when the statement failed */
export async function execute(send: Send, sql: string): Promise<DataApiBody> {
  const { status, errorType, body } = await send('/Execute', { sql });
  if (status !== 200) throw new Error(`${sql}: ${errorType} ${body.message}`);
  return body;
}
