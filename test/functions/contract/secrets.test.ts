import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import rules from '../../../functions/contract/secrets.json' with { type: 'json' };
import { redactedText } from '../../../functions/contract/secrets.ts';
import { nearSecrets } from '../../support/planted-secrets.ts';

test('a text is redacted as by one expression for each shape', () => {
  const { scheme, rest } = rules.url_credentials;
  const expressions = [
    ...rules.texts.map((pattern) => new RegExp(pattern, 'g')),
    ...[rules.webhook_urls.url, `(${scheme.replace('(?![\\s\\S])', '')}://)${rest}`, ...rules.assignments].map(
      (pattern) => new RegExp(pattern, 'gi'),
    ),
  ];
  const property = fc.property(nearSecrets, (text) => {
    const expected = expressions.reduce(
      (left, pattern) => left.replace(pattern, (_, kept) => `${kept}[redacted]`),
      text,
    );
    expect(redactedText(text)).toBe(expected);
  });
  fc.assert(property, { numRuns: 20_000, seed: 3 });
});

test('the Python client has the same rules', () => {
  expect(readFileSync('clients/python/strategy_snapshots/secrets.json', 'utf8')).toBe(
    readFileSync('functions/contract/secrets.json', 'utf8'),
  );
});

test('a key of a million characters is judged in one pass', () => {
  const rules = new URL('../../../functions/contract/secrets.ts', import.meta.url).href;
  const program = `import { redacted } from ${JSON.stringify(rules)};
    for (const word of ['api_', '_bot_', 'a_key1_']) redacted({ [word.repeat(1_000_000 / word.length)]: 'x' });`;
  // Quadratic patterns took minutes.
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { timeout: 60_000 });
  expect(status).toBe(0);
}, 90_000);

test('200 MB of URLs are read in seconds', () => {
  const module = new URL('../../../functions/contract/secrets.ts', import.meta.url).href;
  const program = `import { redactedText } from ${JSON.stringify(module)};
    const urls = 'http://'.repeat(100_000_000 / 7);
    redactedText(urls + '@' + urls);`;
  // One expression for credentials in URLs, which followed each of them, took 0.6 µs per character: two minutes. So does a search for each
  // URL's own @.
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { timeout: 60_000 });
  expect(status).toBe(0);
}, 90_000);
