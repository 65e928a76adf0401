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
const SCHEME = new RegExp(rules.url_credentials.scheme, 'i');
const CREDENTIALS = new RegExp(rules.url_credentials.rest, 'iy');
/** Most characters of a scheme, and of credentials with the `@` after them. */
const LONGEST = { scheme: 21, credentials: 702 };

/** What every webhook URL has: most texts with URLs have none of it. */
const NAMES_WEBHOOK = new RegExp(rules.webhook_urls.needs, 'i');
const WEBHOOK_URL = new RegExp(rules.webhook_urls.url, 'gi');

const replacing = (patterns: readonly string[], flags: string) =>
  patterns.map((pattern) => {
    const secret = new RegExp(pattern, flags);
    return (text: string): string => replaced(text, secret);
  });

/** What the first group matches is kept. */
const replaced = (text: string, secret: RegExp): string =>
  text.replace(secret, (_, kept: string) => `${kept}${MARKER}`);

/** What is done to a text, in this order. */
const STEPS = [
  ...replacing(rules.texts, 'g'),
  withoutWebhooks,
  withoutCredentials,
  ...replacing(rules.assignments, 'gi'),
];
/** Texts without these are too short for the shape of a secret, as most are. */
const MAY_HAVE_SECRET = /[:=@]|.{20}/s;

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
  return MAY_HAVE_SECRET.test(text) ? STEPS.reduce((left, step) => step(left), text) : text;
}

function withoutWebhooks(text: string): string {
  return NAMES_WEBHOOK.test(text) ? replaced(text, WEBHOOK_URL) : text;
}

/** Removes the credentials of URLs. One expression for all of it would try every letter as the begin of a scheme, and follow each URL to the
 *  end in search of an `@`. */
function withoutCredentials(text: string): string {
  let [clean, end, at] = ['', 0, 0];
  for (let slashes = text.indexOf('://'); slashes !== -1; slashes = text.indexOf('://', Math.max(slashes + 1, end))) {
    const begin = slashes + 3;
    if (at < begin) at = text.indexOf('@', begin);
    if (at === -1) break;
    if (at - begin >= LONGEST.credentials || !SCHEME.test(text.slice(Math.max(end, slashes - LONGEST.scheme), slashes)))
      continue;
    CREDENTIALS.lastIndex = begin;
    const [credentials] = CREDENTIALS.exec(text) ?? [];
    if (credentials === undefined) continue;
    clean += `${text.slice(end, begin)}${MARKER}`;
    end = begin + credentials.length;
  }
  return `${clean}${text.slice(end)}`;
}

/** The JSON Pointers of the values in which something was redacted. */
export function redactedPaths(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return value.includes(MARKER) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => redactedPaths(item, `${path}/${pointerToken(name)}`));
}

/** A key in lower case, its words separated by `_`. @example inWords('exchange-apiKey') // 'exchange_api_key' */
const inWords = (key: string): string => (/[^a-z0-9_]|__/.test(key) ? separated(key) : key);

const separated = (key: string): string =>
  key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
