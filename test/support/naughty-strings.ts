import { existsSync, readFileSync } from 'node:fs';

const file = new URL('../../../shared/data/naughty-strings.json', import.meta.url);

/** A file outside of the repository. Without it, a few strings of our own are used. */
const ours = [
  '',
  ' ',
  '\u202etxt.exe',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE fills; --",
];

/** Texts that break careless systems: markup, quotes, control characters, other scripts, keywords of parsers. */
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
