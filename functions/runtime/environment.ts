import type * as z from 'zod';

/** Reads the environment, once when a function starts. An empty variable counts as absent.
 *  @throws Error with every missing or invalid variable, without its value */
export function environment<Shape extends z.ZodType>(shape: Shape, variables = process.env): z.output<Shape> {
  const given = Object.entries(variables).filter(([, value]) => value !== '');
  const parsed = shape.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'));
}
