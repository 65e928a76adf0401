import { describe, expect, test } from 'vitest';
import { canonical } from '../../../functions/snapshots/canonical.ts';
import { changesBetween } from '../../../functions/snapshots/changes.ts';
import { configHash, sha256 } from '../../../functions/snapshots/config-hash.ts';

const same = (a: Record<string, unknown>, b: Record<string, unknown>) => configHash(a) === configHash(b);

describe('the hash of a configuration', () => {
  test('is SHA-256 over RFC 8785: the example of its section 3.2.2', () => {
    const document = JSON.parse(`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
      "literals": [null, true, false]
    }`);
    const text = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`;
    expect(canonical(document)).toBe(text);
    expect(configHash(document)).toBe(sha256(text));
  });

  test('sorts keys by UTF-16 code units: the example of RFC 8785, section 3.2.3', () => {
    const document = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji',
      '\u0080': 'Control',
      '\u00f6': 'o',
    };
    expect(Object.values(JSON.parse(canonical(document)))).toHaveLength(7);
    const order = ['Carriage Return', 'One', 'Control', '"o"', 'Euro', 'Emoji', 'Hebrew'].map((word) =>
      canonical(document).indexOf(word),
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('equals sha256sum for an empty configuration', () => {
    // printf '{}' | sha256sum
    expect(configHash({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });

  test.each([
    ['-2.0 and -2', '{"a":-2.0}', '{"a":-2}'],
    ['-0 and 0', '{"a":-0}', '{"a":0}'],
    ['1e2 and 100', '{"a":1e2}', '{"a":100}'],
    ['another order of keys', '{"a":1,"b":{"c":1,"d":2}}', '{"b":{"d":2,"c":1},"a":1}'],
    ['another order of excluded symbols', '{"excluded_symbols":["B","A"]}', '{"excluded_symbols":["A","B"]}'],
    ['excluded symbols twice', '{"excluded_symbols":["A","B","A"]}', '{"excluded_symbols":["A","B"]}'],
    ['a set-like list inside', '{"x":{"pair_whitelist":["B","A"]}}', '{"x":{"pair_whitelist":["A","B"]}}'],
    ['an escape', '{"a":"\\u0041"}', '{"a":"A"}'],
  ])('is one for %s', (_, a, b) => {
    expect(same(JSON.parse(a), JSON.parse(b))).toBe(true);
  });

  test.each([
    ['the order of any other list', { steps: ['a', 'b'] }, { steps: ['b', 'a'] }],
    ['doubles in any other list', { steps: ['a', 'a'] }, { steps: ['a'] }],
    ['null and absent', { a: null }, {}],
    ['text and number', { a: '1' }, { a: 1 }],
    ['a set-like list of numbers, which keeps its order', { excluded_symbols: [1, 2] }, { excluded_symbols: [2, 1] }],
    ['an own __proto__', JSON.parse('{"__proto__":1}'), {}],
  ])('differs for %s', (_, a, b) => {
    expect(same(a, b)).toBe(false);
  });
});

describe('changes', () => {
  test.each([
    ['a value', { rsi: 2.5 }, { rsi: 1.5 }, [{ path: '/rsi', before: 2.5, after: 1.5 }]],
    ['nothing', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
    ['a setting that appears', {}, { a: 1 }, [{ path: '/a', before: null, after: 1 }]],
    ['a setting that goes', { a: 1 }, {}, [{ path: '/a', before: 1, after: null }]],
    ['a setting that appears as null', {}, { a: null }, [{ path: '/a', before: null, after: null }]],
    ['what is nested', { w: { rsi: 1, roc: 2 } }, { w: { rsi: 1, roc: 3 } }, [{ path: '/w/roc', before: 2, after: 3 }]],
    [
      'keys with ~ and /',
      { 'a/b': 1, 'c~d': 1 },
      { 'a/b': 2, 'c~d': 2 },
      [
        { path: '/a~1b', before: 1, after: 2 },
        { path: '/c~0d', before: 1, after: 2 },
      ],
    ],
    ['an empty key', { '': 1 }, { '': 2 }, [{ path: '/', before: 1, after: 2 }]],
    ['a list as one setting', { a: [1, 2] }, { a: [2, 1] }, [{ path: '/a', before: [1, 2], after: [2, 1] }]],
    ['an object in place of a value', { a: 1 }, { a: { b: 1 } }, [{ path: '/a', before: 1, after: { b: 1 } }]],
    ['no order of a set-like list', { excluded_symbols: ['A', 'B'] }, { excluded_symbols: ['B', 'A', 'B'] }, []],
    [
      'a member of a set-like list',
      { excluded_symbols: ['A'] },
      { excluded_symbols: ['A', 'B'] },
      [{ path: '/excluded_symbols', before: ['A'], after: ['A', 'B'] }],
    ],
    [
      'an own __proto__',
      {},
      JSON.parse('{"__proto__":{"a":1}}'),
      [{ path: '/__proto__', before: null, after: { a: 1 } }],
    ],
    ['a key that every object inherits', {}, { toString: 1 }, [{ path: '/toString', before: null, after: 1 }]],
  ])('show %s', (_, before, after, changes) => {
    expect(changesBetween(before, after)).toEqual(changes);
  });
});
