/** Converts a time as exports write it to one with an offset; null when it is not a time. */
export type ReadInstant = (written: string) => string | null;

const WRITTEN = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d+))?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

/** Times without an offset are in this zone. Unix times are read too, in seconds or milliseconds. Only whole seconds pass
 *  through a Date, so that no digit is lost. */
export function instantsIn(zone: string): ReadInstant {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  const wallClock = (at: number) => Date.parse(`${shown.format(at).replace(' ', 'T')}Z`);
  return (written) => {
    if (/^\d{13}$/.test(written)) return new Date(Number(written)).toISOString();
    const [, epoch, part] = /^(\d{10})(?:\.(\d+))?$/.exec(written) ?? [];
    if (epoch) return withFraction(Number(epoch) * 1000, part);
    const [, day, minute, second = ':00', fraction, offset] = WRITTEN.exec(written) ?? [];
    if (!day) return null;
    if (offset) return `${day}T${minute}${second}${fraction ? `.${fraction}` : ''}${isoOffset(offset)}`;
    const wall = Date.parse(`${day}T${minute}${second}Z`);
    // A day that the calendar does not have would become another one.
    if (!(wall >= 0) || new Date(wall).toISOString().slice(0, 10) !== day) return null;
    // Twice, since the offset is that of the result. An hour that the clock shows twice is ambiguous.
    const guess = 2 * wall - wallClock(wall);
    return withFraction(guess + wall - wallClock(guess), fraction);
  };
}

const withFraction = (seconds: number, fraction = '0'): string =>
  `${new Date(seconds).toISOString().slice(0, 19)}.${fraction}Z`;

function isoOffset(offset: string): string {
  if (/^(Z|UTC)$/i.test(offset)) return 'Z';
  const digits = offset.replace(':', '').padEnd(5, '0');
  return `${digits.slice(0, 3)}:${digits.slice(3)}`;
}
