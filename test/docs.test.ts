import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { serviceVariables } from '../cli/environment.ts';
import { knownColumns } from '../functions/snapshots/known-settings.ts';
import { readSettings } from '../infra/settings.ts';

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter(existsSync);

/** The headings of a page as GitHub makes anchors of them. */
function anchorsOf(page: string): string[] {
  const headings = readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function brokenLinksOf(page: string): string[] {
  const text = readFileSync(page, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|\bsrc="([^"]+)"/g)].map(([, link, src]) => link ?? src ?? '');
  return links
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
    })
    .map((link) => `${page}: ${link}`);
}

test('every link between the pages leads to a file, and to a heading in it', () => {
  expect(pages).toContain('docs/operating.md');
  expect(pages.flatMap(brokenLinksOf)).toEqual([]);
});

test('docs/operating.md lists every setting, of this machine and of a deployment', () => {
  const page = readFileSync('docs/operating.md', 'utf8');
  const settings = [...Object.keys(serviceVariables), ...Object.keys(readSettings({}))];
  expect(settings.length).toBeGreaterThan(30);
  expect(settings.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('docs/bots.md lists every setting of a bot that has a column of its own', () => {
  const page = readFileSync('docs/bots.md', 'utf8');
  expect(Object.keys(knownColumns).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('the README has at most 120 lines', () => {
  expect(readFileSync('README.md', 'utf8').split('\n').length).toBeLessThanOrEqual(121);
});
