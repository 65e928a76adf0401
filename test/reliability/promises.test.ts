import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { guards } from './prove/guards.ts';
import { promises } from './prove/promises.ts';

test.each(promises)('$promise is kept by tests that are there', ({ tests }) => {
  expect(tests.filter((file) => !existsSync(file))).toEqual([]);
});

test.each(guards)('$guard: stands where `npm run prove` takes it away, once', ({ file, line, tests }) => {
  expect(readFileSync(file, 'utf8').split(line)).toHaveLength(2);
  expect(tests.split(' ').filter((each) => !existsSync(each))).toEqual([]);
});

test.each(guards.filter(({ file }) => file.includes('/migrations/')))(
  '$guard: stands in a function that no routine replaces, so that without it something changes',
  ({ file, line }) => {
    const before = readFileSync(file, 'utf8').split(line)[0] ?? '';
    const [, made] = before.match(/.*CREATE FUNCTION (\w+)/s) ?? [];
    const routines = readdirSync('functions/database/routines').map((name) =>
      readFileSync(`functions/database/routines/${name}`, 'utf8'),
    );
    expect(routines.filter((routine) => routine.includes(`CREATE OR REPLACE FUNCTION ${made}(`))).toEqual([]);
  },
);
