import * as z from 'zod';
import type { Option } from '../command.ts';

/** `EUR=1.08,BNB=600` as prices by currency. */
const PricesInUsd = z
  .string()
  .regex(/^[A-Za-z0-9]+=\d+(\.\d+)?(,[A-Za-z0-9]+=\d+(\.\d+)?)*$/, 'must be prices in USD such as EUR=1.08,BNB=600')
  .transform((text) => Object.fromEntries(text.split(',').map((each) => each.toUpperCase().split('='))))
  .pipe(z.record(z.string(), z.string()));

export const quoteUsd = {
  type: 'string',
  value: '<prices>',
  help: 'Prices in USD of quote and fee currencies that are no dollar, such as EUR=1.08,BNB=600',
  schema: PricesInUsd.default({}),
} as const satisfies Option;
