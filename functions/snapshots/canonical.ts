import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

type Json = Record<string, unknown>;

/** Lists of which only the members matter, by the last word of their name. */
const SET_LIKE = /(^|_)(symbols|pairs|whitelist|blacklist|allowlist|denylist)$/;

/** Whether a setting of this name is a set: its order and its doubles say nothing. */
export function isSetLike(name: string, value: unknown): value is string[] {
  return SET_LIKE.test(name) && Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The members of a set-like list, once each, in the order of their UTF-16 code units as RFC 8785 sorts keys. */
export const asSet = (list: readonly string[]): string[] => [...new Set(list)].sort();

/** RFC 8785 text: one text for one document, whoever wrote it. */
export function canonical(document: unknown): string {
  const text = canonicalize(document);
  if (text === undefined) throw new TypeError('not a JSON document');
  return text;
}

/** What makes two configurations one: SHA-256, in hex, of the canonical text with set-like lists sorted. */
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
