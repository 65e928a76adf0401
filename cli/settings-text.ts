import { createReadStream } from 'node:fs';
import { Failure, unreadable } from './failure.ts';

/** Largest file with the settings of a bot, in bytes: four times what the service stores, for comments. YAML takes a time that grows with the
 *  square of its keys. */
const LARGEST = 200_000;

/** Reads a file with settings. @throws Failure when it cannot be read, is too large or is not UTF-8 */
export async function settingsText(path: string): Promise<string> {
  const bytes = await firstBytes(path).catch(unreadable(path));
  if (bytes.length > LARGEST)
    throw new Failure(
      `${path} is larger than ${LARGEST / 1000} KB, the most that settings may have: the service stores 48 KB of them`,
    );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure(`${path} is not UTF-8`);
  }
}

/** One more than the limit, of what may have no end. */
async function firstBytes(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: LARGEST })) chunks.push(chunk);
  return Buffer.concat(chunks);
}
