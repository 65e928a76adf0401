import * as z from 'zod';

/** A `numeric` that leaves as a number: metrics and P&L do, once all arithmetic is done. */
export const number = z.union([z.string(), z.number()]).transform(Number);

/** A `bigint` that counts or identifies: the Data API gives a number, or text inside what SQL made JSON of. */
export const integer = z.union([z.string(), z.number()]).transform(Number).pipe(z.int());

/** The rows of a statement by the schema that the contract has for them: what the contract says is a number arrives as text when it
 *  is a `numeric`, or a `bigint` beyond a double. */
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
