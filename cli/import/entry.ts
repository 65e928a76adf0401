import type { Fill } from '../../functions/trades/contract.ts';

type Written<Shape> = { readonly [Field in keyof Shape]?: unknown };

/** The level of detail of a source, the most detailed first. An order is imported from one source only, or it would count twice. */
export const DETAIL = { executions: 0, order: 1, record: 2, recordOfOrder: 3 } as const;

/** The result of reading a row. Fields have their original text or null; the contract decides whether they can be imported. */
export type Entry =
  | { readonly kind: 'fill'; readonly fill: Written<Omit<Fill, 'bot_id'>>; readonly detail: number }
  | {
      readonly kind: 'link';
      readonly link: Readonly<Record<string, unknown>>;
      /** The side of its signal, where that is known. */
      readonly side?: 'buy' | 'sell' | null;
      /** The snapshot that made the order, by its source. */
      readonly claimed?: string | null;
    }
  | { readonly kind: 'snapshot'; readonly snapshot: Readonly<Record<string, unknown>>; readonly id: string | null }
  | { readonly kind: 'skipped'; readonly reason: string };

export const skipped = (reason: string): Entry => ({ kind: 'skipped', reason });
