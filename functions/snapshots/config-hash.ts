import { createHash } from 'node:crypto';
import { asSet, canonical, isSetLike } from './canonical.ts';

type Json = Record<string, unknown>;

/** Identifies a configuration: SHA-256, in hex, of its canonical JSON with set-like lists sorted. */
export function configHash(config: Json): string {
  return sha256(canonical(withSortedSets(config)));
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function withSortedSets(value: unknown, name = ''): unknown {
  if (isSetLike(name, value)) return asSet(value);
  if (Array.isArray(value)) return value.map((item) => withSortedSets(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSortedSets(item, key)]));
}
