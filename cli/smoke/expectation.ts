import { isDeepStrictEqual } from 'node:util';

/** @throws Error that names the first place where an answer does not have what is expected of it. What is not mentioned may
 *  be anything. */
export function expectToInclude(actual: unknown, expected: unknown, place = 'the answer'): void {
  if (Array.isArray(expected)) {
    expectEqual(Array.isArray(actual) ? actual.length : actual, expected.length, `${place}, its length,`);
    expected.forEach((each, i) => {
      expectToInclude((actual as unknown[])[i], each, `${place}/${i}`);
    });
  } else if (isObject(expected) && isObject(actual)) {
    for (const [name, value] of Object.entries(expected)) expectToInclude(actual[name], value, `${place}/${name}`);
  } else {
    expectEqual(actual, expected, place);
  }
}

/** @throws Error that shows both */
export function expectEqual(actual: unknown, expected: unknown, place = 'the answer'): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${place} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
