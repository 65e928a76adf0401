import { plain, scaled } from './decimal.ts';
import { asText } from './format.ts';

/** Deeper than exchanges nest their trades. */
const DEEPEST = 4;

/** The decimal behind a double: the text among the exchange's own values that is the same double, if there is only one such decimal.
 *  Else the double itself. @example exactIn({ qty: '0.123456789012345678' }, '0.12345678901234568') // '0.123456789012345678' */
export function exactIn(info: unknown, number: string | null): string | null {
  if (number === null) return null;
  const same = new Set(
    [...textsIn(info, 0)]
      .filter((text) => Number(text) === Number(number))
      .map(scaled)
      .filter((value) => value !== null),
  );
  const [only, ...others] = same;
  return only === undefined || others.length > 0 ? number : plain(only);
}

function* textsIn(value: unknown, depth: number): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null && depth < DEEPEST)
    for (const each of Object.values(value)) yield* textsIn(each, depth + 1);
  else yield asText(value) ?? '';
}
