/** An instant in milliseconds since the epoch, as text. @example timeOf(0) // '1970-01-01T00:00:00Z' */
export const timeOf = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');
