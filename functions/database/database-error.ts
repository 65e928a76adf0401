import {
  BadRequestException,
  DatabaseErrorException,
  InternalServerErrorException,
  ServiceUnavailableError,
  UnsupportedResultException,
} from '@aws-sdk/client-rds-data';
import { Conflict, DatabaseUnavailable, KeyReused, NotFound, ResultTooLarge } from '../errors.ts';

/** An error of PostgreSQL, with its SQLSTATE. */
export class StatementFailed extends Error {
  override readonly name = 'StatementFailed';
  readonly sqlState: string | null;
  constructor(message: string, sqlState: string | null, cause: unknown) {
    super(message, { cause });
    this.sqlState = sqlState;
  }
}

/** Whether PostgreSQL rolled the statement back because of a deadlock or a serialization failure, so that it may be retried. */
export function mayRunAgain(error: unknown): boolean {
  return error instanceof StatementFailed && (error.sqlState === '40P01' || error.sqlState === '40001');
}

/** What the Data API also answers while a cluster resumes, and when it has lost a transaction. */
const passing: readonly string[] = [
  'StatementTimeoutException',
  'InvalidResourceStateException',
  'TransactionNotFoundException',
];

/** Whether the service did not respond, is down, or is not up yet. The statement may have run; callers may repeat it, since writes are
 *  idempotent. */
function isOutage(error: unknown): boolean {
  if (error instanceof ServiceUnavailableError || error instanceof InternalServerErrorException) return true;
  if (error instanceof Error && (passing.includes(error.name) || /Communications link failure/.test(error.message)))
    return true;
  return (
    error instanceof Error &&
    'code' in error &&
    /^E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_AGAIN|NOTFOUND)/.test(String(error.code))
  );
}

/** Converts errors of the Data API; the only code that reads SQLSTATE. Codes raised by our SQL functions (`ST…`) become domain errors. */
export function databaseError(error: unknown): unknown {
  if (isOutage(error)) return new DatabaseUnavailable('the database service does not answer', { cause: error });
  if (error instanceof UnsupportedResultException && /size limit/.test(error.message)) {
    return new ResultTooLarge(error.message, { cause: error });
  }
  if (!(error instanceof DatabaseErrorException) && !(error instanceof BadRequestException)) return error;
  const { message = error.message, state = null } =
    /^ERROR: (?<message>.*?)(?:; Hint: .*?)?(?:; Position: \d+)?; SQLState: (?<state>\w{5})$/s.exec(error.message)
      ?.groups ?? {};
  switch (state) {
    case 'ST404':
      return new NotFound(message);
    case 'ST409':
      return new Conflict(message);
    case 'ST422':
      return new KeyReused(message);
    case '53100':
      return new DatabaseUnavailable('the disk of the database is full', { cause: error });
    case '53000':
    case '53200':
    case '53300':
    case '53400':
      return new DatabaseUnavailable('the database is out of memory or connections', { cause: error });
    case '55P03':
      return new DatabaseUnavailable('another write to this bot took too long', { cause: error });
    default:
      return new StatementFailed(message, state, error);
  }
}
