import type * as z from 'zod';

export type Capability =
  | 'snapshots'
  | 'trade-links'
  | 'trades'
  | 'summaries'
  | 'comparison'
  | 'experiments'
  | 'report'
  | 'service';

export type Method = 'GET' | 'POST' | 'PUT';

/** An HTTP operation as plain data, from which API Gateway's routes, the local server, the OpenAPI document and the types of handlers
 *  are derived. Its `id` is its name everywhere, including logs. */
export interface Operation<
  Path extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answers extends Readonly<Record<number, Answer>> = Readonly<Record<number, Answer>>,
> {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly capability: Capability;
  /** `public`: needs no signature. */
  readonly access?: 'public';
  readonly summary: string;
  readonly description: string;
  readonly input: { readonly path?: Path; readonly query?: Query; readonly body?: Body };
  /** Set when the body is one item or an array of items. Each is validated on its own, so that an invalid one does not affect the others. */
  readonly items?: { readonly schema: z.ZodType; readonly most: number };
  /** Accepts an `Idempotency-Key` header. */
  readonly idempotent?: true;
  /** Successful responses by status. */
  readonly answers: Answers;
  /** Possible error statuses in addition to 400, 403, 415, 429, 500 and 503. */
  readonly problems?: readonly (404 | 405 | 409 | 413 | 422)[];
}

/** A response: the schema of its JSON body, and its other media types, if any. */
export interface Answer {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly mediaTypes?: readonly string[];
}

/** Returns the definition with the types of its schemas, for type checks of its handler and its callers. */
export function operation<
  Path extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  const Answers extends Readonly<Record<number, Answer>> = Readonly<Record<number, Answer>>,
>(definition: Operation<Path, Query, Body, Answers>): Operation<Path, Query, Body, Answers> {
  return definition;
}
