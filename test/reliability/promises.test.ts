import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { guards } from './prove/guards.ts';
import { promises } from './prove/promises.ts';

test.each(promises)('the tests of this promise exist: $promise', ({ tests }) => {
  expect(tests.filter((file) => !existsSync(file))).toEqual([]);
});

test.each(guards)('the line that `npm run prove` removes exists exactly once: $guard', ({ file, line, tests }) => {
  expect(readFileSync(file, 'utf8').split(line)).toHaveLength(2);
  expect(tests.split(' ').filter((each) => !existsSync(each))).toEqual([]);
});
