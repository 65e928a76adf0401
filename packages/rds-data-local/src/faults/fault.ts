import * as z from 'zod';
import { operationNames } from '../operations/operations.ts';
import { errorNames } from '../protocol/errors.ts';

/** Faults of the connection instead of an answer. */
const connectionFaults = ['ConnectionReset', 'NoAnswer', 'Slow'] as const;

export const Fault = z.strictObject({
  /** An error of the service, `ConnectionReset`, `NoAnswer` (until the faults are cleared) or `Slow`. */
  name: z.enum([...errorNames, ...connectionFaults]),
  /** Of the error; by default the service's. */
  message: z.string().optional(),
  /** The only affected operation; by default all are. */
  operation: z.enum(operationNames).optional(),
  /** Its duration in seconds, from the first affected call. */
  for_seconds: z.number().positive().optional(),
  /** The number of affected calls. */
  times: z.int().positive().optional(),
  /** `times` counts for each distinct request: a request that is repeated fails this many times. */
  per_request: z.boolean().default(false),
  /** The operation has run, and its answer is lost. */
  after: z.boolean().default(false),
  /** How late the answer of `Slow` is, in milliseconds. */
  delay_ms: z.int().nonnegative().default(1000),
});
export type Fault = z.output<typeof Fault>;
export type FaultSettings = z.input<typeof Fault>;

/** @throws Error that names every setting that is wrong */
export function faultOf(settings: unknown): Fault {
  const parsed = Fault.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => [...path, message].join(' ')).join('; '));
}

const messages: Readonly<Record<string, string>> = {
  AccessDeniedException: 'User is not authorized to perform: rds-data:ExecuteStatement',
  DatabaseResumingException: 'The Aurora DB instance is resuming after being auto-paused. Please wait a few seconds.',
  DatabaseUnavailableException: 'Communications link failure',
  ForbiddenException: 'There are insufficient privileges to make this call.',
  InvalidSecretException: "The Secrets Manager secret used with the request isn't valid.",
  StatementTimeoutException: 'ERROR: canceling statement due to statement timeout; SQLState: 57014',
  ThrottlingException: 'Rate exceeded',
  UnsupportedResultException: 'The result exceeds the size limit 1 MB.',
};

export const messageOf = ({ name, message }: Fault): string =>
  message ?? messages[name] ?? `${name}, as this endpoint was configured to answer`;
