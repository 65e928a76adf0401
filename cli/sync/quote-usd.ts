import * as z from 'zod';
import { positiveDecimal } from '../../functions/contract/fields.ts';

export type QuoteUsd = Readonly<Record<string, string>>;

const RATES = 'must be prices in USD such as EUR=1.08, or several with commas';

/** Prices of quote currencies in USD. @example 'EUR=1.08,BTC=97000' → { EUR: '1.08', BTC: '97000' } */
export const quoteUsd = z
  .string()
  .default('')
  .transform((written, context): QuoteUsd => {
    const pairs = written
      .split(',')
      .filter(Boolean)
      .map((pair) => pair.split('='));
    const rates = pairs.map(
      ([currency = '', price]) => [currency.trim().toUpperCase(), positiveDecimal.safeParse(price?.trim())] as const,
    );
    if (rates.every(([currency, price]) => /^\w+$/.test(currency) && price.success))
      return Object.fromEntries(rates.map(([currency, price]) => [currency, price.data ?? '']));
    context.addIssue({ code: 'custom', message: RATES });
    return z.NEVER;
  });
