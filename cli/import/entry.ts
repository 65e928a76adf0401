import type { Fill } from '../../functions/trades/contract.ts';
import type { Charge } from './charges.ts';

type Written<Shape> = { readonly [Field in keyof Shape]?: unknown };

/** The level of detail of a source, the most detailed first. An order is imported from one source only, or it would count twice. */
export const DETAIL = { executions: 0, order: 1, record: 2, recordOfOrder: 3 } as const;

/** The result of reading a row. Fields have their original text or null; the contract decides whether they can be imported. */
export type Entry =
  | {
      readonly kind: 'fill';
      readonly fill: Written<Omit<Fill, 'bot_id'>>;
      readonly detail: number;
      /** Its fees in coin, instead of `fee_usd`. */
      readonly charges?: readonly Charge[];
      /** What the exchange later did to one of its trades. */
      readonly adjusts?: Adjustment;
    }
  | {
      readonly kind: 'link';
      readonly link: Readonly<Record<string, unknown>>;
      /** The side of its signal, where that is known. */
      readonly side?: 'buy' | 'sell' | null;
      /** The snapshot that made the order, by its source. */
      readonly claimed?: string | null;
    }
  | {
      readonly kind: 'snapshot';
      readonly snapshot: Readonly<Record<string, unknown>>;
      readonly id: string | null;
      /** The user states it: it ends a snapshot that is active. */
      readonly isStated?: boolean;
    }
  | { readonly kind: 'skipped'; readonly reason: string }
  /** Funding of a perpetual, in its quote currency: negative when it was paid. */
  | { readonly kind: 'funding'; readonly symbol: string; readonly received: string; readonly at: string | null }
  /** A part of a bot that was started with this configuration. */
  | { readonly kind: 'controller'; readonly id: string; readonly config: unknown; readonly at: string | null }
  /** Something to know about a row that is imported. */
  | { readonly kind: 'remark'; readonly remark: string };

/** All rows of a trade share its name. Of the rows up to the last one in time, a reversal undoes what was before it, and a correction
 *  replaces it. */
export interface Adjustment {
  readonly trade: string;
  readonly by: 'fill' | 'reversal' | 'correction';
  readonly at: string | null;
}

export const remark = (text: string): Entry => ({ kind: 'remark', remark: text });

export const skipped = (reason: string): Entry => ({ kind: 'skipped', reason });
