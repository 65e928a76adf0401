import type * as z from 'zod';

/** The environment, checked once when a function starts. An empty variable is an absent one.
 *  @throws Error naming every variable that is missing or wrong, and no value */
export function environment<Shape extends z.ZodType>(shape: Shape, variables = process.env): z.output<Shape> {
  const given = Object.entries(variables).filter(([, value]) => value !== '');
  const parsed = shape.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'));
}
