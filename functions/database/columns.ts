import * as z from 'zod';

/** A `numeric` converted to a number, for metrics and P&L after all arithmetic is done. */
export const number = z.union([z.string(), z.number()]).transform(Number);

/** A `bigint`: a number from the Data API, or text inside JSON made by SQL. */
export const integer = z.union([z.string(), z.number()]).transform(Number).pipe(z.int());

/** Adapts a schema of the contract to rows of a statement, in which numbers arrive as text if they are `numeric`, or `bigint` out of the
 *  range of a double. */
export function rowOf<Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape>,
): z.ZodType<z.output<z.ZodObject<Shape>>> {
  const numeric = Object.entries(schema.shape).flatMap(([name, field]) => (isNumeric(field) ? [name] : []));
  return z.preprocess((row) => {
    if (typeof row !== 'object' || row === null) return row;
    const numbers = numeric.flatMap((name) => {
      const value: unknown = Reflect.get(row, name);
      return typeof value === 'string' ? [[name, Number(value)]] : [];
    });
    return numbers.length === 0 ? row : { ...row, ...Object.fromEntries(numbers) };
  }, schema) as z.ZodType<z.output<z.ZodObject<Shape>>>;
}

const isNumeric = (field: unknown): boolean =>
  field instanceof z.ZodNullable ? isNumeric(field.unwrap()) : field instanceof z.ZodNumber;
