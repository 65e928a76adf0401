import { usd } from '../../functions/formatting.ts';

/** P&L with its sign: blue when positive, orange when negative. */
export function Amount({ usd: value }: { readonly usd: number | null }) {
  const tone = value === null || Math.abs(value) < 0.005 ? '' : value > 0 ? 'gain' : 'loss';
  return <span className={tone}>{signedUsd(value)}</span>;
}

/** @example signedUsd(1.5) // '+$1.50' */
export const signedUsd = (value: number | null): string =>
  value !== null && value > 0 ? `+${usd(value)}` : usd(value);

/** A figure with its name above it. */
export function Figure({
  label,
  note,
  children,
}: {
  readonly label: string;
  readonly note?: string | undefined;
  readonly children: React.ReactNode;
}) {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd>
        {children}
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
}
