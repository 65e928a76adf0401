import canonicalize from 'canonicalize';

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
