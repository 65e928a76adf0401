import { InvalidInput } from '../errors.ts';

/** Clocks differ: a time may lie this much ahead of ours, in milliseconds. */
const AHEAD_MS = 5 * 60_000;

/** Why an instant cannot be taken, or null. */
export function tooFarAhead(instant: string | null | undefined, now: Date, ahead = AHEAD_MS): string | null {
  return instant && Date.parse(instant) > now.getTime() + ahead
    ? `lies more than ${ahead / 1000} s in the future`
    : null;
}

/** @throws InvalidInput naming each field that lies in the future */
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
