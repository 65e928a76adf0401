import type { Fill } from '../../functions/trades/contract.ts';

type Written<Shape> = { readonly [Field in keyof Shape]?: unknown };

/** How finely a source tells of an order, the finest first. An order is taken from one source only, or it would count twice. */
export const DETAIL = { executions: 0, order: 1, record: 2, recordOfOrder: 3 } as const;

/** What a row comes to. Fields are as they were written, or null: the contract decides what of them can be taken. */
export type Entry =
  | { readonly kind: 'fill'; readonly fill: Written<Omit<Fill, 'bot_id'>>; readonly detail: number }
  | {
      readonly kind: 'link';
      readonly link: Readonly<Record<string, unknown>>;
      /** The side that its signal speaks of, where it does. */
      readonly side?: 'buy' | 'sell' | null;
      /** The snapshot that its source says made the order. */
      readonly claimed?: string | null;
    }
  | { readonly kind: 'snapshot'; readonly snapshot: Readonly<Record<string, unknown>>; readonly id: string | null }
  | { readonly kind: 'skipped'; readonly reason: string };

export const skipped = (reason: string): Entry => ({ kind: 'skipped', reason });
