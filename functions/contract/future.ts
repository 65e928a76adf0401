import { InvalidInput } from '../errors.ts';

/** Tolerance for differing clocks, in milliseconds. */
const AHEAD_MS = 5 * 60_000;

/** The reason to reject an instant that is too far in the future, or null. */
export function tooFarAhead(instant: string | null | undefined, now: Date, ahead = AHEAD_MS): string | null {
  return instant && Date.parse(instant) > now.getTime() + ahead ? `is more than ${ahead / 1000} s in the future` : null;
}

/** @throws InvalidInput naming each field that is too far in the future */
export function refuseFuture(
  instants: Readonly<Record<string, string | null | undefined>>,
  now: Date,
  ahead = AHEAD_MS,
): void {
  const issues = Object.entries(instants).flatMap(([name, instant]) => {
    const message = tooFarAhead(instant, now, ahead);
    return message ? [{ path: `/${name}`, message }] : [];
  });
  if (issues.length > 0) throw new InvalidInput(issues);
}
