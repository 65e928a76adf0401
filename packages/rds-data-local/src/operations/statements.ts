import type { PoolClient } from 'pg';
import { DataApiError } from '../protocol/errors.ts';
import type { Bind } from '../protocol/parameters.ts';
import { noteDiscard } from '../results/catalog.ts';
import type { Rows } from '../results/records.ts';

export type BoundStatement = { readonly text: string; readonly binds: readonly Bind[] };

const asText = { getTypeParser: () => (text: string) => text };

/** Runs one prepared statement; the types of its parameters go along, and every value comes back as text. */
export async function runStatement(
  client: PoolClient,
  { text, binds }: BoundStatement,
  limitSeconds: number | null,
): Promise<Rows> {
  if (limitSeconds === null) await client.query(`SET ${isOpen(client) ? 'LOCAL ' : ''}statement_timeout = 0`);
  const query = {
    text,
    values: binds.map(({ value }) => value),
    // pg takes the OIDs of the parameters and the parsers of the results from one member.
    types: Object.assign(
      binds.map(({ oid }) => oid),
      asText,
    ),
    rowMode: 'array' as const,
    queryMode: 'extended',
  };
  const started = performance.now();
  const rows = await client.query<(string | null)[]>(query);
  if (/\b(DISCARD|DEALLOCATE)\b/i.test(text)) noteDiscard(client);
  // A server cancels the statement. PGlite cannot: it is rejected after it has run, and its changes remain.
  if (limitSeconds !== null && performance.now() - started > limitSeconds * 1000) throw timeoutOf(limitSeconds);
  return rows;
}

/** Settings do not persist after a call outside a transaction, because the next call may run in any session. */
export async function runAndReset(
  client: PoolClient,
  statement: BoundStatement,
  limitSeconds: number | null,
): Promise<Rows> {
  try {
    return await runStatement(client, statement, limitSeconds);
  } finally {
    if (limitSeconds === null || /^\s*SET\b/i.test(statement.text)) await resetSession(client);
  }
}

/** Resets the session to its initial settings, including the role. */
export async function resetSession(client: PoolClient): Promise<void> {
  await client.query('RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL');
}

/** Runs one call outside the API's transactions, in a separate session. */
export async function runAlone<T>(session: Promise<PoolClient>, call: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await session;
  try {
    const result = await call(client);
    if (!isOpen(client)) return result;
    await client.query('ROLLBACK');
    throw new DataApiError('BadRequestException', 'A transaction starts with BeginTransaction, not with a statement');
  } finally {
    client.release();
  }
}

/** All or nothing. */
export async function atomically<T>(client: PoolClient, call: (client: PoolClient) => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await call(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Answers with a StatementTimeoutException when the work takes longer; the work continues. */
export async function answerWithin<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeoutOf(seconds)), seconds * 1000);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function isOpen(client: PoolClient): boolean {
  return client.getTransactionStatus() !== 'I';
}

function timeoutOf(seconds: number): DataApiError {
  return new DataApiError('StatementTimeoutException', `The statement took longer than ${seconds} seconds`);
}
