import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { operations } from '../../functions/operations.ts';

const client = fileURLToPath(new URL('../../clients/python/', import.meta.url));
const source = readdirSync(`${client}strategy_snapshots`)
  .filter((file) => file.endsWith('.py'))
  .map((file) => readFileSync(`${client}strategy_snapshots/${file}`, 'utf8'))
  .join('\n');

/** Each as the last part of a resource of execute-api. */
const calls = [
  ...[...source.matchAll(/(?:Kind\("\w+", |_post\(|_transport\.post\()"(\/[\w/-]+)"/g)].map(
    ([, path]) => `POST${path}`,
  ),
  ...[...source.matchAll(/_get\("(\/[\w/-]+)"/g)].map(([, path]) => `GET${path}`),
].sort();

test('the permissions that the Python client asks for are exactly what it calls, and what there is', () => {
  const [, policy = ''] = /```json\n([\s\S]*?)```/.exec(readFileSync(`${client}README.md`, 'utf8')) ?? [];
  const [statement] = (JSON.parse(policy) as { Statement: { Action: string; Resource: string[] }[] }).Statement;
  expect(statement?.Action).toBe('execute-api:Invoke');
  expect(statement?.Resource.map((resource) => resource.split('/$default/')[1]).sort()).toEqual(calls);
  expect(calls.length).toBeGreaterThan(5);
  const known = operations.map(({ method, path }) => method + path);
  expect(calls.filter((call) => !known.includes(call))).toEqual([]);
});
