import { setTimeout as pause } from 'node:timers/promises';
import type { SignedFetch } from '../../service/signed-fetch.ts';

/** Posts a request to the path of an operation, with the login added. */
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

/** Sends to the Data API at `endpoint` without the SDK, which would refuse some requests of the cases. */
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

/** The error's name; an address may follow it after a colon. */
const nameOf = (header: string | null): string | null => header?.split(':')[0] ?? null;

/** @throws Error with the database's message when the statement failed */
export async function execute(send: Send, sql: string): Promise<DataApiBody> {
  const { status, errorType, body } = await send('/Execute', { sql });
  if (status !== 200) throw new Error(`${sql}: ${errorType} ${body.message}`);
  return body;
}
