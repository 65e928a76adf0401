import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duplicateKeyIn } from '../../../functions/contract/duplicate-keys.ts';

test.each([
  ['{"a": 1, "a": 2}', '/a'],
  ['[{"a": 1}, {"b": [0, {"c/d": 1, "c/d": 2}]}]', '/1/b/1/c~1d'],
  ['{"a": 1, "\\u0061": 2}', '/a'],
  ['{"\\"": 1, "\\"": 2}', '/"'],
  ['{"\\\\": "\\\\", "\\\\" : 2}', '/\\'],
  ['{"": 1, "": 2}', '/'],
  ['{"__proto__": 1, "__proto__": 2}', '/__proto__'],
  ['{"a": "a", "b": "a", "c": {"a": 1}}', null],
  ['["a", "a"]', null],
  ['[]', null],
  ['"a"', null],
])('%s has the name %s twice', (text, path) => {
  expect(duplicateKeyIn(text)).toBe(path);
});

test('no text that JSON.stringify writes has a name twice, and a name that is added is found', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value) => {
      const text = JSON.stringify(value, null, 1);
      expect(duplicateKeyIn(text)).toBeNull();
      const [name = ''] = Object.keys(value);
      const twice = `${text.slice(0, text.lastIndexOf('}'))}, ${JSON.stringify(name)} : null}`;
      expect(duplicateKeyIn(twice)).toBe(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    }),
  );
});

test('reading takes time in proportion to the length, whatever the text', () => {
  const million = 1_000_000;
  for (const text of [
    `{"${'\\\\'.repeat(million)}": 1}`,
    `${'[{"a":'.repeat(1000)}1${'}]'.repeat(1000)}`,
    `[${'{"a":1},'.repeat(million / 8)}1]`,
    `{"a"${' '.repeat(million)}: "b"}`,
    `["${'\\"'.repeat(million)}"]`,
  ]) {
    const began = performance.now();
    expect(duplicateKeyIn(text)).toBeNull();
    expect(performance.now() - began).toBeLessThan(1000);
  }
});
