interface Measured {
  readonly difference: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Room beyond what is drawn, as a share of its span. */
const MARGIN = 0.06;

/** A ratio of more than this, or less than its inverse, says nothing. */
const MOST_RATIO = 100;

/** A difference with its interval on a line with zero, and the band of differences that do not matter. A ratio is drawn by its logarithm,
 *  with 1 in the place of zero. */
export function IntervalBar({
  of,
  material = 0,
  isRatio = false,
  format,
}: {
  readonly of: Measured;
  readonly material?: number;
  readonly isRatio?: boolean;
  readonly format: (value: number | null) => string;
}) {
  const { difference, lower, upper } = of;
  if (difference === null) return <span className="quiet">not yet</span>;
  if (lower === null || upper === null || (isRatio && !(upper < MOST_RATIO && lower > 1 / MOST_RATIO)))
    return (
      <span>
        <b>{format(difference)}</b> <span className="quiet">any difference could be luck</span>
      </span>
    );
  const scaled = (value: number) => (isRatio ? Math.log(value) : value);
  const [low, middle, high] = [scaled(lower), scaled(difference), scaled(upper)];
  const [least, most] = [Math.min(low, -material), Math.max(high, material)];
  const margin = MARGIN * (most - least || 1);
  const place = (value: number) => (100 * (value - least + margin)) / (most - least + 2 * margin);
  const tone = low > 0 ? 'above' : high < 0 ? 'below' : 'open';
  const words = `${format(difference)}, between ${format(lower)} and ${format(upper)}`;
  return (
    <span className="interval">
      <svg viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label={words}>
        {material > 0 && (
          <rect className="band" x={place(-material)} width={place(material) - place(-material)} y="0" height="16" />
        )}
        <line className="zero" x1={place(0)} x2={place(0)} y1="0" y2="16" />
        <line className={`bar ${tone}`} x1={place(low)} x2={place(high)} y1="8" y2="8" />
        <line className="middle" x1={place(middle)} x2={place(middle)} y1="3" y2="13" />
      </svg>
      <span className="interval-words">
        <b>{format(difference)}</b>{' '}
        <span className="quiet">
          {format(lower)} to {format(upper)}
        </span>
      </span>
    </span>
  );
}
