/** Requests to the Data API and what Aurora PostgreSQL answers. Each runs in an empty schema `public`. */
export type Case = {
  readonly name: string;
  /** Statements to run first. */
  readonly setup?: readonly string[];
  readonly steps: readonly Step[];
};

export type Step = {
  readonly path: '/Execute' | '/BatchExecute' | '/BeginTransaction' | '/CommitTransaction' | '/RollbackTransaction';
  /** The members of the request, without the cluster, the secret and the database. */
  readonly request: object;
  /** `inside`: in the transaction that the case began last. `outside`: not in it, while it is open. */
  readonly transaction?: 'inside' | 'outside';
  readonly expect: Expectation;
};

type WireField = Readonly<Record<string, unknown>>;

/** Members that are not mentioned may have any value. */
export type Expectation = {
  readonly records?: readonly (readonly WireField[])[];
  /** Tolerance of a `doubleValue`. */
  readonly tolerance?: number;
  readonly rows?: number;
  /** `formattedRecords`, parsed. */
  readonly formatted?: readonly object[];
  /** The members to find in each column's metadata. */
  readonly columns?: readonly object[];
  readonly updated?: number;
  readonly updateResults?: readonly object[];
  readonly transactionStatus?: string;
  readonly error?: ExpectedError;
};

export type ExpectedError = {
  /** Any of them. */
  readonly names: readonly string[];
  readonly message?: RegExp;
};

/** A statement outside a transaction, or inside the open one. */
export const statement = (sql: string, expect: Expectation, request: object = {}): Step => ({
  path: '/Execute',
  request: { sql, ...request },
  expect,
});

export const inside = (step: Step): Step => ({ ...step, transaction: 'inside' });
export const outside = (step: Step): Step => ({ ...step, transaction: 'outside' });
export const begin: Step = { path: '/BeginTransaction', request: {}, expect: {} };
export const commit: Step = inside({
  path: '/CommitTransaction',
  request: {},
  expect: { transactionStatus: 'Transaction Committed' },
});
export const rollback: Step = inside({
  path: '/RollbackTransaction',
  request: {},
  expect: { transactionStatus: 'Rollback Complete' },
});

/** A parameter on the wire. @example parameter('id', { longValue: 1 }) */
export const parameter = (name: string, value: WireField, typeHint?: string): object => ({
  name,
  value,
  ...(typeHint ? { typeHint } : {}),
});

/** @example refused('DatabaseErrorException', /SQLState: 23505$/) */
export const refused = (name: string, message?: RegExp): Expectation => ({
  error: { names: [name], ...(message ? { message } : {}) },
});
