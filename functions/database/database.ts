import type * as z from 'zod';
import type { Sql } from './sql.ts';

/** Typed access to PostgreSQL: a statement, the schema of its rows, and how many are expected. A row that does not fit its
 *  schema, or another number of rows, is our fault and throws. */
export interface Database {
  /** Exactly one row. */
  one<Row>(row: z.ZodType<Row>, statement: Sql): Promise<Row>;
  /** One row or none. */
  maybeOne<Row>(row: z.ZodType<Row>, statement: Sql): Promise<Row | null>;
  many<Row>(row: z.ZodType<Row>, statement: Sql): Promise<Row[]>;
}
