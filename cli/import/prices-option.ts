import type { Option } from '../command.ts';
import { quoteUsd as PricesInUsd } from '../sync/quote-usd.ts';

export const quoteUsd = {
  type: 'string',
  value: '<prices>',
  help: 'Prices in USD of quote and fee currencies that are no dollar, such as EUR=1.08,BNB=600',
  schema: PricesInUsd,
} as const satisfies Option;
