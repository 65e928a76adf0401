import type * as z from 'zod';

export type Capability = 'snapshots' | 'trade-links' | 'trades' | 'summaries' | 'comparison' | 'report' | 'service';

/** An HTTP operation as plain data: API Gateway's routes, the local server, the OpenAPI document and the handlers' types are
 *  all made from it. Its `id` is its name everywhere, logs included. */
export interface Operation<
  Path extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answers extends Readonly<Record<number, Answer>> = Readonly<Record<number, Answer>>,
> {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly capability: Capability;
  /** `public`: answers without a signature. */
  readonly access?: 'public';
  readonly summary: string;
  readonly description: string;
  readonly input: { readonly path?: Path; readonly query?: Query; readonly body?: Body };
  /** The body is one such item or an array of them; each is checked by itself, so that a bad one blocks no other. */
  readonly items?: { readonly schema: z.ZodType; readonly most: number };
  /** Takes an `Idempotency-Key` header. */
  readonly idempotent?: true;
  /** What it answers, by status. */
  readonly answers: Answers;
  /** The statuses of the problems that it may answer besides 400, 403, 415, 429, 500 and 503. */
  readonly problems?: readonly (404 | 405 | 409 | 413 | 422)[];
}

/** A JSON body by its schema, and documents of other media types. */
export interface Answer {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly mediaTypes?: readonly string[];
}

/** Keeps the schemas' types, which the operation's function and its callers are checked against. */
export function operation<
  Path extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  const Answers extends Readonly<Record<number, Answer>> = Readonly<Record<number, Answer>>,
>(definition: Operation<Path, Query, Body, Answers>): Operation<Path, Query, Body, Answers> {
  return definition;
}
