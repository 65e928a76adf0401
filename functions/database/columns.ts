import * as z from 'zod';

/** A `numeric` that leaves as a number: metrics and P&L do, once all arithmetic is done. */
export const number = z.union([z.string(), z.number()]).transform(Number);

/** A `bigint` that counts or identifies: the Data API gives a number, or text inside what SQL made JSON of. */
export const integer = z.union([z.string(), z.number()]).transform(Number).pipe(z.int());
