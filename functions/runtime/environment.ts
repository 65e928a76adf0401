import type * as z from 'zod';

/** The environment, checked once when a function starts.
 *  @throws Error naming every variable that is missing or wrong, and no value */
export function environment<Shape extends z.ZodType>(shape: Shape): z.output<Shape> {
  const parsed = shape.safeParse(process.env);
  if (parsed.success) return parsed.data;
  throw new Error(
    `the environment is incomplete: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
  );
}
