import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../functions/', import.meta.url));

/** All source files of functions/, by their paths there. */
const files = new Map(
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file.replaceAll('\\', '/'), readFileSync(resolve(root, file), 'utf8')]),
);

/** The imports of a file: paths inside functions/ (`../…` for those outside), or names of packages. */
function importsOf(file: string): string[] {
  const specifiers = [...(files.get(file) ?? '').matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(
    ([, specifier = '']) => specifier,
  );
  return specifiers.map((specifier) =>
    specifier.startsWith('.')
      ? relative(root, resolve(root, dirname(file), specifier)).replaceAll('\\', '/')
      : specifier,
  );
}

const every = [...files.keys()].flatMap((file) => importsOf(file).map((imported) => ({ file, imported })));
const capabilityOf = (path: string) => path.split('/')[0] ?? '';
const broken = (rule: (each: { file: string; imported: string }) => boolean) =>
  every.filter(rule).map(({ file, imported }) => `${file} imports ${imported}`);
const without = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
const containing = (pattern: RegExp, allowed: RegExp) =>
  [...files].filter(([file, text]) => !allowed.test(file) && pattern.test(without(text))).map(([file]) => file);

describe('functions/', () => {
  test('is read completely by this test', () => {
    expect(files.size).toBeGreaterThan(40);
    expect(every.length).toBeGreaterThan(100);
    expect(importsOf('snapshots/store.ts')).toContain('database/sql.ts');
  });

  test('does not depend on where it runs: it imports nothing from infra/ or test/', () => {
    expect(broken(({ imported }) => imported.startsWith('..') && imported !== '../package.json')).toEqual([]);
  });

  test('contracts import only zod, contracts, thresholds and figures', () => {
    expect(
      broken(
        ({ file, imported }) =>
          file.endsWith('/contract.ts') &&
          imported !== 'zod' &&
          !imported.endsWith('/contract.ts') &&
          capabilityOf(imported) !== 'contract' &&
          imported !== 'thresholds.ts' &&
          imported !== 'comparison/figure-schemas.ts',
      ),
    ).toEqual([]);
  });

  test('stores are imported only within their own capability', () => {
    expect(
      broken(({ file, imported }) => imported.endsWith('/store.ts') && capabilityOf(file) !== capabilityOf(imported)),
    ).toEqual([]);
  });

  test('SQL is only in stores and in database/', () => {
    expect(
      broken(
        ({ file, imported }) =>
          imported === 'database/sql.ts' && !file.endsWith('/store.ts') && capabilityOf(file) !== 'database',
      ),
    ).toEqual([]);
  });

  test('handlers are never imported, and import no store', () => {
    expect(broken(({ imported }) => imported.endsWith('/handler.ts'))).toEqual([]);
    expect(broken(({ file, imported }) => file.endsWith('/handler.ts') && imported.endsWith('/store.ts'))).toEqual([]);
  });

  test('only runtime/ reads the environment', () => {
    expect(containing(/process\s*\.\s*env|process\['env'\]/, /^runtime\//)).toEqual([]);
  });

  test('only runtime/ reads the clock: time is a parameter', () => {
    expect(containing(/new Date\(\s*\)|Date\.now\(/, /^runtime\//)).toEqual([]);
  });

  test('only runtime/ and database/ call AWS', () => {
    expect(
      broken(({ file, imported }) => imported.startsWith('@aws-sdk/') && !/^(runtime|database)\//.test(file)),
    ).toEqual([]);
  });

  test('no file has a catch-all name such as utils, and none only re-exports', () => {
    expect([...files.keys()].filter((file) => /(^|\/)(utils?|helpers?|common|index)\.ts$/.test(file))).toEqual([]);
  });

  test('there are no circular imports', () => {
    const circles = new Set<string>();
    const walk = (file: string, path: readonly string[]) => {
      if (path.includes(file)) circles.add([...path.slice(path.indexOf(file)), file].join(' → '));
      else if (path.length < 12) for (const imported of valueImportsOf(file)) walk(imported, [...path, file]);
    };
    for (const file of files.keys()) walk(file, []);
    expect([...circles]).toEqual([]);
  });
});

/** Imports at runtime: without `import type`, which is erased. */
function valueImportsOf(file: string): string[] {
  const text = (files.get(file) ?? '').replaceAll(/import type [^;]+;/g, '');
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)]
    .map(([, specifier = '']) => relative(root, resolve(root, dirname(file), specifier)).replaceAll('\\', '/'))
    .filter((imported) => files.has(imported));
}
