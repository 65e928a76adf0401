import { existsSync, readFileSync } from 'node:fs';

const file = new URL('../../../shared/data/naughty-strings.json', import.meta.url);

/** Kept beside the repository: where it was cloned alone, a few of our own take their place. */
const ours = [
  '',
  ' ',
  '\u202etxt.exe',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE fills; --",
];

/** Texts that have broken other systems: markup, quotes, control characters, other scripts, words that mean something to a parser. */
export const naughtyStrings: readonly string[] = [
  ...(existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : []),
  ...ours,
  'line\r\nBcc: all@example.com\r\n\r\nbody',
  '{"level":"ERROR","message":"forged"}\n{"level":"INFO"}',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  ':p1 $1 %s {0} {{7*7}}',
  '=HYPERLINK("https://example.com","win")',
  '\ufeff',
  'e\u0301'.repeat(20),
  '🏳️‍🌈'.repeat(5),
];
