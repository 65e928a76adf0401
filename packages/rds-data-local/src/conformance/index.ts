import type { Case } from './case.ts';
import { columns } from './cases/columns.ts';
import { errors } from './cases/errors.ts';
import { metadata } from './cases/metadata.ts';
import { parameters } from './cases/parameters.ts';
import { placeholders } from './cases/placeholders.ts';
import { results } from './cases/results.ts';
import { statements } from './cases/statements.ts';
import { transactions } from './cases/transactions.ts';

export type { Case, Expectation, ExpectedError, Step } from './case.ts';
export { runCase, type Sessions } from './run-case.ts';
export { withScratchDatabase } from './scratch-database.ts';
export {
  type Caller,
  type DataApiAnswer,
  type DataApiBody,
  type Post,
  postUnsigned,
  type Send,
  sendAs,
} from './send.ts';

/** All cases, for any endpoint that emulates Aurora PostgreSQL, and for a real cluster. */
export const cases: readonly Case[] = [
  ...statements,
  ...placeholders,
  ...parameters,
  ...columns,
  ...results,
  ...metadata,
  ...transactions,
  ...errors,
];
