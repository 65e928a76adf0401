/** What can go wrong, in the domain's words. `http/problem.ts` alone knows the status of each. */

/** Something wrong with the input: `path` is a JSON Pointer into the part of the request that it names. */
export interface InputIssue {
  readonly path: string;
  readonly message: string;
}

/** One refused item of a batch, by its place in the batch. */
export interface Rejection {
  readonly index: number;
  readonly id: string | null;
  readonly reason: string;
  /** What is wrong inside it, by pointers into the item. */
  readonly issues?: readonly InputIssue[];
}

/** A refusal as it is answered. */
export const shownRejection = ({ index, id, reason }: Rejection) => ({ index, id, reason });

export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly issues: readonly InputIssue[];
  constructor(issues: readonly InputIssue[]) {
    super(issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; '));
    this.issues = issues;
  }
}

/** A batch of which nothing was accepted or already known. */
export class AllRejected extends Error {
  override readonly name = 'AllRejected';
  readonly rejected: readonly Rejection[];
  constructor(rejected: readonly Rejection[]) {
    super(`nothing was accepted: ${rejected[0]?.reason}`);
    this.rejected = rejected;
  }
}

export class NotFound extends Error {
  override readonly name = 'NotFound';
}

export class Conflict extends Error {
  override readonly name = 'Conflict';
}

export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

export class UnsupportedMediaType extends Error {
  override readonly name = 'UnsupportedMediaType';
}

/** The request is well formed and contradicts an earlier one that bears the same key. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
}

export class MethodNotAllowed extends Error {
  override readonly name = 'MethodNotAllowed';
  readonly allowed: readonly string[];
  constructor(allowed: readonly string[]) {
    super(`this path takes ${allowed.join(', ')}`);
    this.allowed = allowed;
  }
}

/** The database did not answer in time, or was busy for too long. The same request may be sent again. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** More was asked for than the database brings in one answer: ask for less. */
export class ResultTooLarge extends Error {
  override readonly name = 'ResultTooLarge';
}
