const DAY_MS = 86_400_000;

/** Calendar days, as text; no zone is involved. @example dayAfter('2024-02-28') // '2024-02-29' */
export const dayAfter = (day: string, days = 1): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** How many days a range holds, both ends included. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
