/** A chart of a report: attached to a mail as a PNG, embedded in a page. It is drawn on demand. */
export interface Chart {
  /** Unique within its report; letters, digits and hyphens. */
  readonly id: string;
  /** Alternative text: what the chart shows. */
  readonly alt: string;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly svg: () => string;
}
