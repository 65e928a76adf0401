import * as z from 'zod';

/** A value as it is on the wire, or one that is compared as JSON. */
const Field = z.record(z.string(), z.unknown());

const Expectation = z.object({
  records: z.array(z.array(Field)).optional(),
  /** The largest accepted difference of a double. */
  tolerance: z.number().optional(),
  n_records: z.int().optional(),
  columnMetadata_partial: z.array(Field).optional(),
  numberOfRecordsUpdated: z.int().optional(),
  updateResults: z.array(z.unknown()).optional(),
  transactionId: z.string().optional(),
  transactionStatus: z.string().optional(),
  /** The step runs outside the open transaction. */
  outside_transaction: z.boolean().optional(),
  error: z
    .object({
      type: z.string().optional(),
      type_any_of: z.array(z.string()).optional(),
      message_matches: z.string().optional(),
    })
    .optional(),
});

const Step = z.object({
  path: z.string(),
  request: z.record(z.string(), z.unknown()),
  status: z.int(),
  expect: Expectation.default({}),
});

const Case = z.object({ name: z.string(), setup_sql: z.array(z.string()).default([]), steps: z.array(Step) });

/** What public clients' own integration tests found Aurora to answer: requests, and what is expected of the answers. */
export const CasesFile = z.object({ cases: z.array(Case).min(1) });

export type Case = z.output<typeof Case>;
export type Step = z.output<typeof Step>;
export type Expectation = z.output<typeof Expectation>;
