import * as z from 'zod';

export const Rejected = z
  .object({ index: z.int(), id: z.string().nullable(), reason: z.string() })
  .meta({ id: 'Rejected', description: 'A rejected item, by its index in the batch' });

/** The body of every error, as defined by RFC 9457. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(
        z.object({
          path: z.string().meta({ description: 'A JSON Pointer into the body, or the name of a parameter' }),
          message: z.string(),
        }),
      )
      .optional(),
    rejected: z.array(Rejected).optional(),
  })
  .meta({ id: 'Problem' });
