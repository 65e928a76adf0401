import { openFaults } from '@strategy-snapshots/rds-data-local';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startService } from '../support/service.ts';
import { computed, history, type Ids, idsOf, posted, writing } from './cases.ts';
import { report } from './figures.ts';
import { expectInvariants } from './invariants.ts';
import { numbersOf } from './numbers.ts';
import { expectCleanFailure, faultCases, type TimedReply, timed, underFault } from './under-faults.ts';
import { sendAll, type Write } from './writes.ts';

const faults = openFaults();
const { call, sql } = await startService({ faults });

const ids = Object.keys(writing);
const numbers = (bot_id: string) => numbersOf(sql, bot_id, history.to);
const known = new Map<string, Ids>();
const of = (bot_id: string): Ids => known.get(bot_id) ?? expect.fail(`${bot_id} has no ids`);
const undisturbed = new Map<string, Awaited<ReturnType<typeof numbers>>>();

beforeAll(async () => {
  const bots = ids.flatMap((id) => [id, ...faultCases.map((_, i) => `${id} ${i}`)]);
  // A few at a time: more would only wait for each other.
  for (let i = 0; i < bots.length; i += 8)
    await Promise.all(bots.slice(i, i + 8).map((bot_id) => sendAll(call, posted(bot_id))));
  for (const bot_id of bots) known.set(bot_id, await idsOf(call, bot_id));
  for (const [id, write] of Object.entries(writing)) {
    await sendAll(call, [write(id, of(id)), computed(id)]);
    undisturbed.set(id, await numbers(id));
  }
});
afterAll(() =>
  report({
    check: 'Operations that write, under faults',
    writes: ids.length * faultCases.length * 2,
    faults: faults.met(),
    lost: 0,
    doubled: 0,
  }),
);

describe.each(faultCases.map((each, i) => ({ ...each, i })))('$fault, $times: the response is $status', (faultCase) => {
  const writes = new Map<string, Write>();
  let answers: Map<string, TimedReply>;
  beforeAll(async () => {
    for (const [id, write] of Object.entries(writing)) {
      const bot_id = `${id} ${faultCase.i}`;
      writes.set(id, write(bot_id, of(bot_id)));
    }
    const sendEach = [...writes].map(
      ([id, { route, ...write }]) =>
        async () =>
          [id, await timed(() => call(route, write))] as const,
    );
    answers = await underFault(
      faults,
      faultCase,
      async () => new Map(await Promise.all(sendEach.map((each) => each()))),
    );
  });

  test.each(ids)('%s; after a repeat the numbers equal those of a run without faults', async (id) => {
    const write = writes.get(id) ?? expect.fail('there is no such write');
    const answered = answers.get(id) ?? expect.fail('it was not sent');
    const bot_id = `${id} ${faultCase.i}`;
    if (faultCase.status === 'right') {
      expect(answered.reply.status, JSON.stringify(answered.reply.body)).toBeLessThan(300);
      await sendAll(call, [computed(bot_id)]);
      expect(await numbers(bot_id), 'what was acknowledged is stored').toEqual(undisturbed.get(id));
    } else {
      expectCleanFailure(answered, faultCase.status);
    }
    await sendAll(call, [write, computed(bot_id)]);
    expect(await numbers(bot_id)).toEqual(undisturbed.get(id));
  });
});

test('afterwards the database is consistent', () => expectInvariants(sql));
