import { DataApiError } from '../protocol/errors.ts';

/** An error of PostgreSQL. PGlite's errors have the same members, but another class. */
type PostgresError = {
  /** The service always reports ERROR; PostgreSQL reports a failed login as FATAL. */
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly position?: string;
};

const QUERY_CANCELED = '57014';
const SYNTAX_ERROR = '42601';
// Class 08 is a connection's failure, 57P01 to 57P03 a server that stops or starts.
const UNAVAILABLE = /^(08...|57P0[123])$/;

/** Converts an error of a statement to that of the Data API. */
export function dataApiErrorOf(error: unknown): DataApiError {
  if (error instanceof DataApiError) return error;
  if (isPostgresError(error)) return fromPostgres(error);
  if (isLostConnection(error)) {
    return new DataApiError('DatabaseUnavailableException', `the database does not answer: ${error.message}`);
  }
  console.error(error);
  return new DataApiError('InternalServerErrorException', 'the local Data API failed; its log has the cause');
}

function fromPostgres(error: PostgresError): DataApiError {
  if (error.code === SYNTAX_ERROR && error.message.startsWith('cannot insert multiple commands')) {
    return new DataApiError('ValidationException', "Multistatements aren't supported.");
  }
  // 08P01 is also a bind message with too few values: the fault of the statement.
  if (UNAVAILABLE.test(error.code) && error.code !== '08P01') {
    return new DataApiError('DatabaseUnavailableException', textOf(error));
  }
  const timedOut = error.code === QUERY_CANCELED && error.message.includes('statement timeout');
  return new DataApiError(timedOut ? 'StatementTimeoutException' : 'DatabaseErrorException', textOf(error));
}

/** @example "ERROR: division by zero; SQLState: 22012" */
function textOf({ message, hint, position, code }: PostgresError): string {
  return [`ERROR: ${message}`, hint && `Hint: ${hint}`, position && `Position: ${position}`, `SQLState: ${code}`]
    .filter(Boolean)
    .join('; ');
}

function isPostgresError(error: unknown): error is PostgresError {
  return typeof error === 'object' && error !== null && 'severity' in error && 'code' in error;
}

/** Of the operating system (a host name's several addresses fail together), or of pg when the server went away. */
function isLostConnection(error: unknown): error is Error {
  return (
    error instanceof AggregateError ||
    (error instanceof Error &&
      ('syscall' in error || /^(Connection terminated|Client has encountered)/.test(error.message)))
  );
}
