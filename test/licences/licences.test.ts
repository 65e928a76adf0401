import { globSync, readFileSync } from 'node:fs';
import { type BuildOptions, build } from 'esbuild';
import { expect, test } from 'vitest';
import { bundleOptions } from '../../infra/constructs/bundle.ts';
import { licencesPage, shippedPackages } from './licences.ts';

const packages = shippedPackages('.');
const listed = new Set(packages.map(({ name }) => name));

test('docs/licences.md is what `npm run licences` writes', () => {
  expect(readFileSync('docs/licences.md', 'utf8')).toBe(licencesPage(packages));
});

/** The packages that code is made of. */
async function packagesIn(code: BuildOptions): Promise<string[]> {
  const { metafile } = await build({ ...code, outdir: '/', write: false, metafile: true });
  return Object.keys(metafile?.inputs ?? {}).flatMap(
    (file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  );
}

test('every package in a function is listed', async () => {
  const functions = globSync(
    'functions/{*/handler,database/migrate,report/{bot-reports,daily,weekly,mail-events,mailings},summaries/nightly*}.ts',
  );
  expect(functions.length).toBeGreaterThan(14);
  // All in one build, which reads each package once.
  const names = await packagesIn({ ...bundleOptions(''), entryPoints: functions });
  expect(names).toContain('nodemailer');
  expect(names.filter((name) => !listed.has(name))).toEqual([]);
});

test('every package in the page is listed', async () => {
  const names = await packagesIn({
    absWorkingDir: `${process.cwd()}/web`,
    entryPoints: ['main.tsx'],
    ...({ bundle: true, format: 'esm', jsx: 'automatic' } as const),
  });
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
