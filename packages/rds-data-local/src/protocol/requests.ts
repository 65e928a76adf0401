import * as z from 'zod';
import { ARN_LENGTH } from '../cluster.ts';
import { DataApiError } from './errors.ts';

/** Exactly one member, as in a union of the service's model. */
const Field = z.union([
  z.strictObject({ isNull: z.literal(true) }),
  z.strictObject({ stringValue: z.string() }),
  // JSON numbers beyond 2^53 have lost digits by now: refused rather than changed.
  z.strictObject({ longValue: z.int() }),
  z.strictObject({ doubleValue: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]) }),
  z.strictObject({ booleanValue: z.boolean() }),
  z.strictObject({ blobValue: z.base64() }),
  z.strictObject({ arrayValue: z.unknown() }),
]);

const SqlParameter = z.object({
  name: z.string(),
  value: Field,
  typeHint: z.enum(['DATE', 'DECIMAL', 'JSON', 'TIME', 'TIMESTAMP', 'UUID']).optional(),
});
export type SqlParameter = z.infer<typeof SqlParameter>;

const Arn = z.string().min(ARN_LENGTH.min).max(ARN_LENGTH.max);
const Caller = z.object({ resourceArn: Arn, secretArn: Arn });
export type Caller = z.infer<typeof Caller>;

const InDatabase = Caller.extend({
  database: z.string().max(64).optional(),
  schema: z.undefined({ error: "The schema parameter isn't supported" }).optional(),
});
const Sql = z
  .string()
  .max(65536)
  .refine((sql) => !sql.includes('\0'), 'must not contain a zero byte')
  // Aurora answers "unexpected message: CopyOutResponse"; PGlite does not survive COPY FROM STDIN.
  .refine((sql) => !/^(\s|--[^\n]*\n|\/\*([^*]|\*(?!\/))*\*\/)*COPY\b/i.test(sql), "COPY isn't supported");
const TransactionId = z.string().max(192);

export const BeginTransaction = InDatabase;
export const EndTransaction = Caller.extend({ transactionId: TransactionId });
export const ExecuteStatement = InDatabase.extend({
  sql: Sql,
  parameters: z.array(SqlParameter).default([]),
  transactionId: TransactionId.optional(),
  includeResultMetadata: z.boolean().default(false),
  continueAfterTimeout: z.boolean().default(false),
  resultSetOptions: z
    .object({
      decimalReturnType: z.enum(['STRING', 'DOUBLE_OR_LONG']).default('STRING'),
      longReturnType: z.enum(['STRING', 'LONG']).default('LONG'),
    })
    .prefault({}),
  formatRecordsAs: z.enum(['NONE', 'JSON']).default('NONE'),
});
export type ExecuteStatement = z.infer<typeof ExecuteStatement>;
export type ResultSetOptions = ExecuteStatement['resultSetOptions'];
export const BatchExecuteStatement = InDatabase.extend({
  sql: Sql,
  parameterSets: z.array(z.array(SqlParameter)).default([]),
  transactionId: TransactionId.optional(),
});

/** Parses a request. @throws DataApiError ValidationException that names every wrong member */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `Value at '${path.join('.')}': ${message}`);
  throw new DataApiError('ValidationException', `${faults.length} validation error(s) detected: ${faults.join('; ')}`);
}
