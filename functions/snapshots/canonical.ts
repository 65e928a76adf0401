import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

type Json = Record<string, unknown>;

/** Names of lists that are sets: neither order nor duplicates matter. */
const SET_LIKE = /(^|_)(symbols|pairs|whitelist|blacklist|allowlist|denylist)$/;

/** Whether a setting is a set: a list of strings with a set-like name. */
export function isSetLike(name: string, value: unknown): value is string[] {
  return SET_LIKE.test(name) && Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The distinct members of a set-like list, sorted by UTF-16 code units as RFC 8785 sorts keys. */
export const asSet = (list: readonly string[]): string[] => [...new Set(list)].sort();

/** Canonical JSON (RFC 8785): equal documents have equal texts. */
export function canonical(document: unknown): string {
  const text = canonicalize(document);
  if (text === undefined) throw new TypeError('not a JSON document');
  return text;
}

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
