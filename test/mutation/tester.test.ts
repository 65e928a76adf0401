import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tested, testerIn } from './task.ts';

/** A project with a calculation and its tests. */
function smallProject(): { readonly place: string; readonly write: (file: string, text: string) => void } {
  const place = mkdtempSync(join(tmpdir(), 'small-project-'));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const write = (file: string, text: string) => writeFileSync(join(place, file), text);
  mkdirSync(join(place, 'test/mutation'), { recursive: true });
  symlinkSync(join(import.meta.dirname, 'tester.ts'), join(place, 'test/mutation/tester.ts'));
  symlinkSync(join(process.cwd(), 'node_modules'), join(place, 'node_modules'));
  write('vitest.config.ts', "export default { test: { projects: [{ test: { name: 'no database' } }] } };");
  for (const [name, sum] of Object.entries({ first: 'plus(2, 0)', second: 'plus(1, 1)' }))
    write(
      `${name}.test.ts`,
      `import { expect, test } from 'vitest';\nimport { plus } from './plus.ts';\ntest('adds', () => expect(${sum}).toBe(2));`,
    );
  return { place, write };
}

test('a mutant is killed by the tests that fail with it, and by none that failed with an earlier one', async () => {
  const { place, write } = smallProject();
  const tester = testerIn(place);
  onTestFinished(async () => {
    tester.disconnect();
    await once(tester, 'exit');
  });
  const outcomeOf = (sum: string) => {
    write('plus.ts', `export const plus = (a: number, b: number): number => ${sum};`);
    return tested(tester, { file: 'plus.ts', steps: ['first.test.ts', 'second.test.ts'] });
  };
  expect(await outcomeOf('a - b')).toEqual({ outcome: 'killed', failed: 'second.test.ts' });
  expect(await outcomeOf('b + a')).toEqual({ outcome: 'survived', failed: null });
  expect(await outcomeOf('b - a')).toEqual({ outcome: 'killed', failed: 'first.test.ts' });
});
