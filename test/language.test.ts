import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Words of our old style, as regular expressions. Each has a plain replacement in brackets. */
const BANNED = [
  'anew', // [again]
  'mend(s|ed|ing)?', // [fix]
  'told', // [reported, shown]
  'whom', // [to which, who]
  'dear', // [expensive]
  'so many', // [a number, at most n]
  'beside', // [next to, with]
];

/** Uses that are right: a file, and the text in it. */
const ALLOWED: readonly (readonly [file: string, text: string])[] = [];

const words = new RegExp(`\\b(${BANNED.join('|')})\\b`, 'gi');
const THIS_FILE = 'test/language.test.ts';

const files = execFileSync('git', ['ls-files', '*.ts', '*.sql', '*.py', '*.md'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => file !== THIS_FILE);

function bannedWordsIn(file: string): string[] {
  const allowed = ALLOWED.flatMap(([name, text]) => (name === file ? [text] : []));
  const text = allowed.reduce((rest, each) => rest.replaceAll(each, ''), readFileSync(file, 'utf8'));
  return text.split('\n').flatMap((line, i) => [...line.matchAll(words)].map(([word]) => `${file}:${i + 1}: ${word}`));
}

test('no file uses the words that our style replaces', () => {
  expect(files.length).toBeGreaterThan(200);
  expect(files.flatMap(bannedWordsIn)).toEqual([]);
});
