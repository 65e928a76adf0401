import { createHash, randomBytes } from 'node:crypto';

/** Which arm trades in the first block of a pair. */
export type Order = 'baseline_first' | 'candidate_first';

/** Draws a seed: 32 hexadecimal digits. */
export const drawSeed = (): string => randomBytes(16).toString('hex');

/** The order of a pair: the first bit of SHA-256 of `seed|bot_id|pair`, in UTF-8. 0: baseline first. Anyone can recompute it, and nobody
 *  can choose it. */
export function orderOf(seed: string, botId: string, pair: number): Order {
  const [first = 0] = createHash('sha256').update(`${seed}|${botId}|${pair}`).digest();
  return first < 0x80 ? 'baseline_first' : 'candidate_first';
}
