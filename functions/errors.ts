/** Errors of the domain. Only `http/problem.ts` knows their HTTP statuses. */

/** A problem with the input. `path` is a JSON Pointer into the body, or the name of a parameter. */
export interface InputIssue {
  readonly path: string;
  readonly message: string;
}

/** A rejected item of a batch. */
export interface Rejection {
  readonly index: number;
  readonly id: string | null;
  readonly reason: string;
  /** The problems, with pointers into the item. */
  readonly issues?: readonly InputIssue[];
}

/** A rejection as the API returns it: without its issues. */
export const publicRejection = ({ index, id, reason }: Rejection) => ({ index, id, reason });

export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly issues: readonly InputIssue[];
  constructor(issues: readonly InputIssue[]) {
    super(issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; '));
    this.issues = issues;
  }
}

/** A batch without any item that was accepted or already known. */
export class AllRejected extends Error {
  override readonly name = 'AllRejected';
  readonly rejected: readonly Rejection[];
  constructor(rejected: readonly Rejection[]) {
    super(`nothing was accepted: ${rejected[0]?.reason}`);
    this.rejected = rejected;
  }
}

/** The caller may not do this. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
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

/** The Idempotency-Key was used before, for a different request. */
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

/** The database did not answer in time. The request may be repeated. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** The result exceeds the size limit of the Data API: request less at once. */
export class ResultTooLarge extends Error {
  override readonly name = 'ResultTooLarge';
}
