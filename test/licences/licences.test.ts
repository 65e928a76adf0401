import { globSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { partsOf } from '../infra/parts-of-bundle.ts';
import { licencesPage, shippedPackages } from './licences.ts';

const packages = shippedPackages('.');
const listed = new Set(packages.map(({ name }) => name));

test('docs/licences.md is what `npm run licences` writes', () => {
  expect(readFileSync('docs/licences.md', 'utf8')).toBe(licencesPage(packages));
});

test('every package in a function is listed', async () => {
  const entries = [
    ...globSync('functions/*/handler.ts'),
    ...['functions/report/daily.ts', 'functions/report/weekly.ts', 'functions/summaries/nightly.ts'],
    'functions/database/migrate.ts',
  ];
  const parts = (await Promise.all(entries.map(partsOf))).flat().map(({ name }) => name);
  expect(parts).toContain('nodemailer');
  expect(
    parts.filter((name) => !name.includes('/') || name.startsWith('@')).filter((name) => !listed.has(name)),
  ).toEqual([]);
});

test('every package in the page is listed', async () => {
  const { metafile } = await build({
    absWorkingDir: `${process.cwd()}/web`,
    entryPoints: ['main.tsx'],
    ...({ outdir: '/', bundle: true, format: 'esm', jsx: 'automatic', write: false, metafile: true } as const),
  });
  const names = Object.keys(metafile.inputs).flatMap(
    (file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  );
  expect(names).toContain('react-dom');
  expect(names.filter((name) => !listed.has(name))).toEqual([]);
});

test('every licence is known, and none asks for the source of what uses it', () => {
  expect([...new Set(packages.map(({ license }) => license))].toSorted()).toEqual([
    '0BSD',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'ISC',
    'MIT',
    'MIT AND OFL-1.1',
    'MIT-0',
    // Of its own files only, which are shipped unchanged.
    'MPL-2.0',
    'Unlicense',
  ]);
});
