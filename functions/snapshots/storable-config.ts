import { TooLarge } from '../errors.ts';
import { canonical } from './canonical.ts';
import { configHash } from './config-hash.ts';

/** Longest config, in bytes of canonical JSON: a row of the Data API has at most 64 KB, including the notes. */
const LONGEST_CONFIG = 48 * 1024;

/** A config as it is stored: its canonical text and its hash.
 *  @param path of the config in the request, for the message @throws TooLarge */
export function storableConfig(config: Record<string, unknown>, path: string): { config: string; config_hash: string } {
  const text = canonical(config);
  const bytes = Buffer.byteLength(text);
  if (bytes > LONGEST_CONFIG)
    throw new TooLarge(`${path}: ${bytes} bytes of canonical JSON; at most ${LONGEST_CONFIG}`);
  return { config: text, config_hash: configHash(config) };
}
