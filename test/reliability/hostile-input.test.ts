import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../functions/operations.ts';
import { naughtyStrings } from '../support/naughty-strings.ts';
import { type Reply, type Sending, startService } from '../support/service.ts';
import { computed, idsOf, posted, reading, writing } from './cases.ts';
import { contentsOf } from './contents.ts';
import { report } from './figures.ts';
import { expectInvariants } from './invariants.ts';
import { sizes } from './sizes.ts';
import { sendAll } from './writes.ts';

const { call, sql } = await startService();

type Tree = null | boolean | number | string | readonly Tree[] | { readonly [key: string]: Tree };
/** A request as a tree; any node can be made hostile. */
type Request = Sending & { readonly route: string };

let requests: Readonly<Record<string, Request>>;
const answers = { taken: 0, refused: 0 };

beforeAll(async () => {
  await sendAll(call, [...posted('target'), computed('target')]);
  const ids = await idsOf(call, 'target');
  const writes = Object.entries(writing).map(([id, write]) => [id, write('target', ids)] as const);
  requests = {
    ...reading('target', ids),
    ...Object.fromEntries(writes),
  };
});
afterAll(() =>
  report({
    check: 'Hostile requests',
    writes: answers.taken + answers.refused,
    refused: answers.refused,
    lost: 0,
    doubled: 0,
  }),
);

const long = (length: number) => 'x'.repeat(length);
const nested = (depth: number): Tree => (depth === 0 ? 0 : { a: [nested(depth - 1)] });
const hostileText = fc.oneof(
  fc.constantFrom(...naughtyStrings),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    '1e400',
    '-1',
    '9'.repeat(30),
    '0001-01-01',
    '9999-12-31T23:59:59Z',
    '2026-02-30',
    long(201),
    long(70_000),
  ),
);
const hostile: fc.Arbitrary<Tree> = fc.oneof(
  hostileText,
  fc.constantFrom<Tree>(null, true, 0, -1, 1e308, 5e-324, Number.MAX_SAFE_INTEGER + 1, [], {}, [[]], nested(40), {
    ['__proto__']: 1,
    constructor: null,
  }),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Tree>,
);

/** The paths of all nodes of a tree. */
function placesIn(tree: Tree, path: readonly string[] = []): string[][] {
  const below =
    typeof tree === 'object' && tree !== null
      ? Object.entries(tree).flatMap(([key, part]) => placesIn(part as Tree, [...path, key]))
      : [];
  return [[...path], ...below];
}

function replaced(tree: Tree, [key, ...rest]: readonly string[], by: Tree | undefined): Tree | undefined {
  if (key === undefined) return by;
  if (Array.isArray(tree)) {
    return tree.flatMap((part, i) => (String(i) === key ? (replaced(part, rest, by) ?? []) : [part]));
  }
  const entries = Object.entries(tree as { [key: string]: Tree });
  return Object.fromEntries(
    entries.flatMap(([name, part]) => {
      const changed = name === key ? replaced(part, rest, by) : part;
      return changed === undefined ? [] : [[name, changed]];
    }),
  );
}

/** A valid request with one node removed, replaced by something hostile, or with something hostile added next to it. */
const spoiled = (request: Request): fc.Arbitrary<Sending> => {
  const { body = null, query = {}, path = {} } = JSON.parse(JSON.stringify(request));
  const ofBody = fc
    .tuple(fc.constantFrom(...placesIn(body)), hostile, fc.constantFrom('replace', 'leave out', 'add'), hostileText)
    .map(([place, value, how, name]): Sending => {
      const added = how === 'add' ? [...place, name] : place;
      const whole = how === 'add' ? withKey(body, place, name) : body;
      return { query, path, body: replaced(whole, added, how === 'leave out' ? undefined : value) };
    });
  const ofParameters = fc
    .tuple(fc.constantFrom(...Object.keys(query), 'limit', 'cursor', 'from', 'snapshot_id', '__proto__'), hostileText)
    .map(([name, value]): Sending => ({ path, query: { ...query, [name]: value }, ...(body !== null && { body }) }));
  const ofPath = hostileText
    .filter((value) => value.isWellFormed() && value !== '')
    .map((value): Sending => ({ query, path: Object.fromEntries(Object.keys(path).map((name) => [name, value])) }));
  const ofBytes = fc.tuple(fc.nat(), fc.nat(255), fc.boolean()).map(([at, byte, cut]): Sending => {
    const bytes = Buffer.from(JSON.stringify(body));
    if (cut) return { query, path, rawBody: bytes.subarray(0, at % bytes.length), base64: true };
    bytes[at % bytes.length] = byte;
    return { query, path, rawBody: bytes, base64: true };
  });
  if (body !== null) return fc.oneof({ weight: 4, arbitrary: ofBody }, ofBytes, ofParameters);
  return Object.keys(path).length > 0 ? fc.oneof(ofPath, ofParameters) : ofParameters;
};

function withKey(tree: Tree, place: readonly string[], name: string): Tree {
  const [key, ...rest] = place;
  if (key !== undefined)
    return replaced(tree, [key], withKey((tree as { [key: string]: Tree })[key] ?? null, rest, name)) ?? null;
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree) ? { ...tree, [name]: null } : tree;
}

/** The contents of the database before a request; null after an accepted one, which may have changed them. */
let contents: string | null = null;

/** Expects a clear 4xx and an unchanged database, or a response of the contract; of a batch, exactly the accepted items are stored. */
async function expectHarmless(route: string, ask: () => Promise<Reply>): Promise<void> {
  contents ??= await contentsOf(sql);
  const { status, body } = await ask();
  expect(status, JSON.stringify(body)).toBeLessThan(500);
  if (status < 400) {
    answers.taken += 1;
    contents = null;
    return;
  }
  answers.refused += 1;
  expect(String(body.detail).length).toBeGreaterThan(0);
  if (status === 400) expect(body.errors.length, JSON.stringify(body)).toBeGreaterThan(0);
  expect(await contentsOf(sql), `${route} was refused with ${status}`).toBe(contents);
}

describe('a hostile request gets a response of the contract, and leaves no trace when it is rejected', () => {
  test.each(operations.map(({ id }) => id))('%s', async (id) => {
    const request = requests[id] ?? expect.fail('it has no valid request');
    const { route } = request;
    await fc.assert(
      fc.asyncProperty(spoiled(request), (sending) => expectHarmless(route, () => call(route, sending))),
      { numRuns: sizes.inputs, seed: sizes.seeds[0] ?? 1, endOnFailure: true },
    );
  });

  test('some are accepted and some rejected, and the database is consistent', async () => {
    expect(answers.taken).toBeGreaterThan(operations.length);
    expect(answers.refused).toBeGreaterThan(operations.length);
    await expectInvariants(sql);
  });
});
