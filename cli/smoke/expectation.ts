import { isDeepStrictEqual } from 'node:util';

/** Members that `expected` does not mention may have any value.
 *  @throws Error that names the first member that differs */
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

/** @throws Error with both values */
export function expectEqual(actual: unknown, expected: unknown, place = 'the answer'): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${place} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
