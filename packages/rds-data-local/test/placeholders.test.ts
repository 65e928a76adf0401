import { expect, test } from 'vitest';
import { numberPlaceholders } from '../src/protocol/placeholders.ts';

test.each<[string, string, string[]]>([
  ['SELECT :a, :b, :a', 'SELECT $1, $2, $3', ['a', 'b', 'a']],
  ['SELECT :0::text, :1::int[]', 'SELECT $1::text, $2::int[]', ['0', '1']],
  ["SELECT 'a:b', 'it''s :c', :d", "SELECT 'a:b', 'it''s :c', $1", ['d']],
  [String.raw`SELECT E'\' :a', :b`, String.raw`SELECT E'\' :a', $1`, ['b']],
  ['SELECT "a:b" AS ":c", :d', 'SELECT "a:b" AS ":c", $1', ['d']],
  ['SELECT 1 -- :a\n, :b', 'SELECT 1 -- :a\n, $1', ['b']],
  ['SELECT /* :a\n:b */ :c', 'SELECT /* :a\n:b */ $1', ['c']],
  ["SELECT '12:34'::time", "SELECT '12:34'::time", []],
  ['DO $$ BEGIN x := :a; END $$', 'DO $$ BEGIN x := $1; END $$', ['a']],
  ['SELECT a[1:2]', 'SELECT a[1$1]', ['2']],
  ['SELECT /* open :a', 'SELECT /* open :a', []],
  ["SELECT 'open :a", "SELECT 'open $1", ['a']],
])('%j becomes %j', (sql, text, names) => {
  expect(numberPlaceholders(sql)).toEqual({ text, names });
});

test('the largest statement of opened comments is read once', () => {
  // A search for the end of each took ten minutes.
  const sql = 'SELECT /* '.repeat(400_000);
  expect(numberPlaceholders(sql)).toEqual({ text: sql, names: [] });
});
