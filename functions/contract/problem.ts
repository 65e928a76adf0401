import * as z from 'zod';

export const Rejected = z
  .object({ index: z.int(), id: z.string().nullable(), reason: z.string() })
  .meta({ id: 'Rejected', description: 'An item that was refused, by its place in the batch' });

/** The body of every error: RFC 9457. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(
        z.object({
          path: z.string().meta({ description: 'A JSON Pointer into the body, or a parameter by its name' }),
          message: z.string(),
        }),
      )
      .optional(),
    rejected: z.array(Rejected).optional(),
  })
  .meta({ id: 'Problem' });
