import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { peeked } from './peeked.ts';

/** Streams the text of a file, decompressed where it is compressed: UTF-8, or UTF-16 with a byte order mark.
 *  @throws Error when it is truncated or not text */
export async function* textOf(path: string, isPacked: boolean): AsyncGenerator<string> {
  const file = createReadStream(path);
  // The reader gets the same error.
  const bytes = isPacked ? pipeline(file, createGunzip(), () => {}) : file;
  try {
    const { first, all } = await peeked<Buffer>(bytes);
    const decoder = new TextDecoder(encodingOf(first), { fatal: true });
    for await (const chunk of all) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new Error(`${path} is not UTF-8: save it as UTF-8, or as UTF-16 with a byte order mark`);
    if (code?.startsWith('Z_')) throw new Error(`${path} is truncated or damaged: ${(error as Error).message}`);
    throw error;
  }
}

function encodingOf(first: Buffer | undefined): string {
  if (first?.[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
  return first?.[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : 'utf-8';
}
