/** A chart of a report, which a mail carries as a PNG and a page shows in line. Drawn only when somebody looks. */
export interface Chart {
  /** Names it within its report: letters, digits and hyphens. */
  readonly id: string;
  /** What it shows, in words, for whoever does not see it. */
  readonly alt: string;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly svg: () => string;
}
