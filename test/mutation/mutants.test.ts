import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { everyCandidate, sampleOf } from './candidates.ts';
import { described, type Mutant, mutated } from './mutant.ts';
import { sectionOf } from './results.ts';
import { mutantsOfSql } from './sql.ts';
import { mutantsOfTypeScript } from './typescript.ts';

const all = (source: string, of: (source: string) => Mutant[]) => of(source).map((mutant) => mutated(source, mutant));

test('TypeScript is mutated where it decides, and neither in types nor in texts', () => {
  expect(all('const f = (n: 1 | 2): number => n <= 3 ? n : -n;', mutantsOfTypeScript)).toEqual([
    'const f = (n: 1 | 2): number => true ? n : -n;',
    'const f = (n: 1 | 2): number => false ? n : -n;',
    'const f = (n: 1 | 2): number => n < 3 ? n : -n;',
    'const f = (n: 1 | 2): number => n <= 4 ? n : -n;',
    'const f = (n: 1 | 2): number => n <= 3 ? n : n;',
  ]);
  expect(all("const text = name + ' < 1';", mutantsOfTypeScript)).toEqual([]);
  expect(all('const few = list.filter(isOpen).length;', mutantsOfTypeScript)).toEqual(['const few = list.length;']);
  expect(all('const text = random().toString();', mutantsOfTypeScript)).toEqual([]);
  expect(all('if (done) close();', mutantsOfTypeScript)).toEqual([
    'if (true) close();',
    'if (false) close();',
    'if (done) ;',
  ]);
});

test('SQL is mutated where it decides, and neither in comments, texts nor settings', () => {
  expect(all("SELECT min(n) FROM t WHERE n < 5 AND name <> 'a < 1'; -- n = 1", mutantsOfSql)).toEqual([
    "SELECT max(n) FROM t WHERE n < 5 AND name <> 'a < 1'; -- n = 1",
    "SELECT min(n) FROM t WHERE n <= 5 AND name <> 'a < 1'; -- n = 1",
    "SELECT min(n) FROM t WHERE n > 5 AND name <> 'a < 1'; -- n = 1",
    "SELECT min(n) FROM t WHERE n < 6 AND name <> 'a < 1'; -- n = 1",
    "SELECT min(n) FROM t WHERE n < 5 OR name <> 'a < 1'; -- n = 1",
    "SELECT min(n) FROM t WHERE n < 5 AND name = 'a < 1'; -- n = 1",
  ]);
  expect(all('LANGUAGE sql STABLE SET jit = off AS $$', mutantsOfSql)).toEqual([]);
  expect(all('  PERFORM lock_bot(1);', (source) => mutantsOfSql(`\n${source}`)).length).toBeGreaterThan(0);
  const [removed] = mutantsOfSql('WHERE a\n  AND b (c)\n');
  expect(removed && described('WHERE a\n  AND b (c)\n', removed)).toBe('2: AND b (c) → OR b (c)');
});

test('every area has code to mutate, and each mutant its own id', () => {
  const candidates = everyCandidate('.');
  expect([...new Set(candidates.map(({ area }) => area.name))]).toHaveLength(9);
  expect(new Set(candidates.map(({ id }) => id)).size).toBe(candidates.length);
});

test('a sample is the same for the same seed, and keeps its mutants when other code goes', () => {
  const candidates = everyCandidate('.');
  const ids = (of: typeof candidates, seed = 1) => sampleOf(of, { seed, size: 40 }).map(({ id }) => id);
  expect(ids(candidates)).toEqual(ids(candidates));
  expect(ids(candidates, 2)).not.toEqual(ids(candidates));
  const others = candidates.filter(({ area }) => area.name !== 'delivery');
  const kept = ids(candidates).filter((id) => others.some((each) => each.id === id));
  expect(ids(others)).toEqual(expect.arrayContaining(kept));
});

test('docs/reliability.md shows the latest score', () => {
  const result = JSON.parse(readFileSync('docs/mutation.json', 'utf8'));
  expect(readFileSync('docs/reliability.md', 'utf8')).toContain(sectionOf(result));
});
