import { statfsSync } from 'node:fs';
import { DataApiError } from '../protocol/errors.ts';
import type { Engine } from './engine.ts';

/** Free space below which nothing runs, in MB: two segments of the write-ahead log. PostgreSQL panics when it cannot create the next
 *  one, and needs one to recover. */
export const RESERVE_MEGABYTES = 32;

export function freeMegabytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return Math.floor((bavail * bsize) / 1e6);
}

/** An engine that is opened by its first session, and hands sessions out only while the disk has room. Otherwise calls fail at once, as
 *  PostgreSQL's do on a full disk.
 *  @param say reports that the disk is full, and that it has space again */
export function whileSpaceLasts(directory: string, open: () => Promise<Engine>, say: (notice: string) => void): Engine {
  const failure = Promise.withResolvers<Error>();
  let opening: Promise<Engine> | undefined;
  let full = false;

  function checkSpace(): void {
    const free = freeMegabytes(directory);
    const isFull = free < RESERVE_MEGABYTES;
    const reason = `the disk of ${directory} is full: ${free} MB are free, ${RESERVE_MEGABYTES} MB are needed`;
    if (isFull && !full) say(`${reason}. Until then, requests are refused`);
    if (!isFull && full) say(`the disk of ${directory} has space again`);
    full = isFull;
    if (full) throw new DataApiError('DatabaseErrorException', `ERROR: ${reason}; SQLState: 53100`);
  }

  function opened(): Promise<Engine> {
    opening ??= open();
    opening.then(({ failed }) => failed?.then(failure.resolve), failure.resolve);
    return opening;
  }

  return {
    async connect(connection) {
      checkSpace();
      return (await opened()).connect(connection);
    },
    failed: failure.promise,
    close: async () => (await opening)?.close(),
  };
}
