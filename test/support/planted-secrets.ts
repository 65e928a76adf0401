import fc from 'fast-check';

export interface Planted {
  readonly config: Record<string, unknown>;
  readonly secret: string;
}

/** Keys whose values are secrets, in the styles of several bots. */
const SECRET_KEYS = [
  ...['key', 'secret', 'password', 'apiKey', 'api_key', 'api-secret', 'API_KEY', 'binance_api_secret', 'okxPassphrase'],
  ...[
    'private_key',
    'privateKey',
    'walletAddress',
    'telegram_token',
    'ws_token',
    'jwt_secret_key',
    ...['binance_key', 'krakenKey', 'private', 'signature', 'request_signature', 'keystore'],
    'access-token',
    'uid',
  ],
  ...[
    'credentials',
    'mnemonic',
    'seedPhrase',
    'authorization',
    'bitmart_memo',
    'encryption_secret',
    'webhook_url',
    'pwd',
  ],
];

/** Texts that show by themselves that they contain a secret. */
const SHAPES: readonly ((secret: string) => string)[] = [
  (secret) => `postgresql://bot:${secret}@db.example.com:5432/trades`,
  (secret) => `https://${secret}@host.example.com/path`,
  (secret) => `https://api.example.com/v1?symbol=BTC&api_key=${secret}&limit=5`,
  (secret) => `https://discord.com/api/webhooks/1/${secret}`,
  (secret) => `https://hooks.slack.com/services/T0/B0/${secret}`,
  (secret) => `https://api.telegram.org/bot1:${secret}/sendMessage`,
  (secret) => `-----BEGIN EC PRIVATE KEY-----\n${secret}\n-----END EC PRIVATE KEY-----\n`,
  (secret) => `Authorization: Bearer ${secret}`,
  (secret) => `moved to the new account, password: ${secret}`,
  (secret) => `{"apiKey": "${secret}"}`,
  (secret) => `sk-${secret}`,
  (secret) => `12345678:AA${secret}`,
  (secret) => `eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoiYm90In0.${secret}`,
  (secret) => `0x${Buffer.from(secret.slice(-32)).toString('hex')}`,
];

const plainKey = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((key) => !key.includes('\u0000') && key !== '__proto__'),
  fc.constantFrom(
    'indicators',
    'weights',
    'rsi',
    'exchange',
    'use_keys',
    'key_count',
    'sort_key',
    'groupKey',
    'webhook',
    'hash',
  ),
);
const harmless = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.constantFrom('BTC/USDT', 'quoteVolume', '', null),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** 33 characters, like no other text of a test. */
const secret = fc.stringMatching(/^[0-9a-f]{32}$/).map((hex) => `Z${hex}`);

const leaf = (secret: string): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constantFrom(...SHAPES).map((shape) => shape(secret)),
    fc
      .tuple(
        fc.constantFrom(...SECRET_KEYS),
        fc.constantFrom<(value: string) => unknown>(
          (value) => value,
          (value) => [value],
          (value) => ({ first: [value] }),
        ),
      )
      .filter(([key, wrap]) => !/webhook/.test(key) || wrap(secret) === secret)
      .map(([key, wrap]) => ({ [key]: wrap(secret) })),
  );

/** Configurations of any shape with one secret at any depth, under a key that says so or in a text that shows it. */
export const plantedSecrets: fc.Arbitrary<Planted> = secret.chain((secret) =>
  fc
    .tuple(leaf(secret), fc.array(fc.tuple(fc.boolean(), plainKey, plainKey, harmless), { maxLength: 5 }), plainKey)
    .map(([planted, levels, name]) => {
      const inside = levels.reduce<unknown>(
        (inner, [isList, key, other, value]) => (isList ? [value, inner, value] : { [other]: value, [key]: inner }),
        planted,
      );
      return { secret, config: { [name]: inside } };
    }),
);

/** What of a secret must be nowhere: it, or its only shape that is not its text. */
export const tracesOf = (secret: string): readonly string[] => [secret, Buffer.from(secret.slice(-32)).toString('hex')];

/** Pieces of secrets and of what surrounds them, at the borders of the lengths that the rules name. */
const PIECES = [
  ...[
    'a',
    'A',
    'z',
    '9',
    '_',
    '-',
    '.',
    '+',
    ':',
    '/',
    '//',
    '://',
    '@',
    '@@',
    '?',
    '&',
    '#',
    ';',
    '=',
    ' ',
    '\t',
    '\n',
    '"',
    "'",
    '<',
    ',',
  ],
  ...[
    'http',
    'https://',
    'ftp://',
    'a://',
    '1a://',
    '://b:',
    'ſ',
    'K',
    'é',
    '😀',
    '\u2028',
    'w'.repeat(19),
    'w'.repeat(21),
  ],
  ...[198, 199, 200, 201, 499, 500].map((length) => 'y'.repeat(length)),
  ...[
    'key',
    'api_key=',
    'apiKey',
    'secret: ',
    'password=',
    'token=',
    'sig',
    'Bearer ',
    'Basic    ',
    'x'.repeat(16),
    'x'.repeat(20),
  ],
  ...[
    'aB3d5F7h'.repeat(5),
    'eyJhbGciOiJI',
    '.eyJhbGciOiJI',
    'AKIA',
    'ABCDEFGHIJKLMNOP',
    '12345678:',
    `AA${'b'.repeat(33)}`,
    'sk-',
  ],
  ...['webhook', 'hooks.', 'api.telegram.org/bot', '-----BEGIN ', 'PRIVATE KEY', 'organizations/'],
];

/** Texts that almost are secrets. */
export const nearSecrets: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 12 })
  .map((pieces) => pieces.join(''));
