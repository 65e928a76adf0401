import type * as z from 'zod';
import type { Sql } from './sql.ts';

/** Typed access to PostgreSQL. Each method takes a statement and the schema of its rows; its name says how many rows are expected. It
 *  throws when a row does not match the schema, or on another number of rows: both are bugs. */
export interface Database {
  /** Exactly one row. */
  one<Row>(row: z.ZodType<Row>, statement: Sql): Promise<Row>;
  /** One row or none. */
  maybeOne<Row>(row: z.ZodType<Row>, statement: Sql): Promise<Row | null>;
  many<Row>(row: z.ZodType<Row>, statement: Sql): Promise<Row[]>;
  /** Runs work in one transaction, which is rolled back when it fails. */
  transaction<Result>(work: (database: Database) => Promise<Result>): Promise<Result>;
}
