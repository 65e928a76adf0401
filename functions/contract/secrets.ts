import { pointerToken } from './pointer.ts';
import rules from './secrets.json' with { type: 'json' };

/** Replaces secrets by `[redacted]`, so that none is hashed, stored, shown or logged. The Python client applies the same rules, from a copy
 *  of secrets.json, before it writes anything to its outbox. */

const { marker: MARKER, keys } = rules;

const anyOf = (patterns: readonly string[], flags = ''): RegExp => new RegExp(patterns.join('|'), flags);

const SECRET = anyOf(keys.secret);
const SECRET_NUMBER = anyOf(keys.also_numbers);
const NEVER = anyOf(keys.never);
const WEBHOOK = anyOf(keys.webhook);
const HASH = anyOf(keys.hash);
const WHOLE_TEXT = anyOf(rules.whole_texts);
/** What the first group of each matches is kept. */
const IN_TEXT = [
  ...rules.texts.map((pattern) => new RegExp(pattern, 'g')),
  ...rules.texts_in_any_case.map((pattern) => new RegExp(pattern, 'gi')),
];

/** What the keys around a value say about it. */
interface Surroundings {
  readonly key: string;
  /** It belongs to a secret: every text below is one. */
  readonly secret: boolean;
  /** It belongs to a webhook: every URL below is a secret. */
  readonly webhook: boolean;
}

/** A JSON value without its secrets: those that their keys name, and those that their shapes show, at any depth. Null, flags, empty texts
 *  and most numbers stay.
 *  @example redacted({ exchange: { name: 'kraken', apiKey: 'x1' } }) // { exchange: { name: 'kraken', apiKey: '[redacted]' } } */
export const redacted = (value: unknown): unknown => part(value, { key: '', secret: false, webhook: false });

function part(value: unknown, around: Surroundings): unknown {
  if (typeof value === 'string') return textPart(value, around);
  if (typeof value === 'number') return SECRET_NUMBER.test(around.key) ? MARKER : value;
  if (Array.isArray(value)) return value.map((item) => part(item, around));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const key = inWords(name);
      const below = {
        key,
        secret: around.secret || (SECRET.test(key) && !NEVER.test(key)),
        webhook: around.webhook || WEBHOOK.test(key),
      };
      return [redactedText(name), part(item, below)];
    }),
  );
}

function textPart(text: string, { key, secret, webhook }: Surroundings): string {
  if (text === '') return text;
  if (secret || (webhook && (text.includes('://') || WEBHOOK.test(key)))) return MARKER;
  if (WHOLE_TEXT.test(text) && !HASH.test(key)) return MARKER;
  return redactedText(text);
}

/** Free text without what looks like a secret: private keys, tokens, URLs with credentials, assignments such as `password=…`.
 *  @example redactedText('postgres://bot:pw@host/db') // 'postgres://[redacted]@host/db' */
export function redactedText(text: string): string {
  return IN_TEXT.reduce((left, pattern) => left.replace(pattern, (_, kept: string) => `${kept}${MARKER}`), text);
}

/** The JSON Pointers of the values in which something was redacted. */
export function redactedPaths(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return value.includes(MARKER) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => redactedPaths(item, `${path}/${pointerToken(name)}`));
}

/** A key in lower case, its words separated by `_`. @example inWords('exchange-apiKey') // 'exchange_api_key' */
const inWords = (key: string): string =>
  key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
