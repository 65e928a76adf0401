/** Limits of what is read into memory at once. They are far above what bots and exchanges write, so that a damaged or hostile file ends with
 *  an error that names the limit, and not with the memory of the machine. */

/** Longest record of a table, in bytes. */
export const LONGEST_RECORD = 1_000_000;

/** Longest JSON document, in characters: a file, or a line of JSON lines. */
export const LONGEST_DOCUMENT = 100_000_000;

/** Most values and containers of a JSON document that is read at once: each takes more memory than its text. */
export const MOST_VALUES = 10_000_000;

/** Longest value and longest row in a database, in bytes. */
export const LONGEST_VALUE = 16_000_000;

/** Most lists and answers around a record in JSON. */
export const DEEPEST_LIST = 20;

/** A size for a message. @example inMb(16_000_000) // '16 MB' */
export const inMb = (bytes: number): string => `${bytes / 1e6} MB`;
