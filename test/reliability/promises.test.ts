import { existsSync, readFileSync } from 'node:fs';
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
