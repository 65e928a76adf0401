import type { VerdictKind } from '../../comparison/verdict/contract.ts';
import type { Chart } from '../charts/chart.ts';

export interface Figure {
  readonly label: string;
  readonly value: string;
  /** A few words that put the value into perspective. */
  readonly note?: string;
}

/** An interval on a scale from 0 to 1, with the place of zero and the band of differences that do not matter. */
export interface IntervalBar {
  /** What it measures, with its bounds. */
  readonly caption: string;
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly zero: number;
  readonly band: readonly [from: number, to: number];
}

export interface Column {
  readonly label: string;
  readonly align?: 'right';
}

/** A link to the page. */
export interface Link {
  readonly text: string;
  readonly href: string;
}

/** What to do, with its reason. */
export interface Callout {
  readonly type: 'callout';
  readonly tone: VerdictKind;
  readonly text: string;
  readonly more: string;
}

/** A block of a report. Its texts are final; HTML and plain text are two renderings of the same blocks. */
export type Block =
  | { readonly type: 'heading'; readonly level: 2 | 3; readonly text: string }
  | Callout
  | { readonly type: 'figures'; readonly figures: readonly Figure[] }
  | { readonly type: 'text'; readonly text: string; readonly strong?: boolean }
  | { readonly type: 'list'; readonly items: readonly string[] }
  | { readonly type: 'links'; readonly links: readonly Link[] }
  | {
      readonly type: 'table';
      readonly caption: string;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly type: 'cards'; readonly caption: string; readonly cards: readonly Card[] }
  | ({ readonly type: 'interval' } & IntervalBar)
  | { readonly type: 'chart'; readonly chart: Chart }
  | ({ readonly type: 'definitions' } & Definitions);

export interface Card {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly note: string;
}

/** Definitions of figures that share a scope. */
export interface Definitions {
  /** The scope: the window and the number of observations. */
  readonly over: string;
  readonly definitions: readonly Definition[];
}

export interface Definition {
  readonly term: string;
  readonly meaning: string;
}

export const right = (label: string): Column => ({ label, align: 'right' });
export const left = (label: string): Column => ({ label });

/** A report as blocks, ready to render as HTML or plain text. */
export interface Document {
  readonly subject: string;
  readonly title: string;
  readonly subtitle: string;
  readonly blocks: readonly Block[];
  readonly charts: readonly Chart[];
}
