import { UnexpectedStatus } from './service/api.ts';
import { reasonOf } from './service/reason.ts';
import { refusalOf } from './service/refusal.ts';

/** The command line is wrong. */
export class UsageError extends Error {}

/** The command failed; the message is shown to the user unchanged. */
export class Failure extends Error {}

/** Says which file cannot be read. @example await readFile(path).catch(unreadable(path)) */
export const unreadable =
  (path: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new Failure(`${path} cannot be read: ${error.code ?? error.message}`);
  };

/** SIGINT or SIGTERM ended the command before it was done. */
export class Interrupted extends Error {
  readonly signal: 'SIGINT' | 'SIGTERM';

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super('Interrupted.');
    this.signal = signal;
  }
}

export type ExitCode = 0 | 1 | 2 | 130 | 143;

/** 128 and the signal's number, as shells report it. */
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Interrupted) return INTERRUPTED[error.signal];
  return error instanceof UsageError ? 2 : 1;
}

/** Why a command failed, for the user. */
export function failureText(error: unknown): string {
  if (error instanceof UsageError || error instanceof Failure) return error.message;
  if (!(error instanceof UnexpectedStatus)) return reasonOf(error);
  const [why = 'no reason given', ...fields] = refusalOf(error.text);
  return [`The service refused (${error.status}): ${why}`, ...fields.map((field) => `  ${field}`)].join('\n');
}

/** Reports why a script failed and sets the exit code of its process. */
export function failed(error: unknown): void {
  console.error(failureText(error));
  process.exitCode = exitCodeOf(error);
}
