import { openFaults } from '@strategy-snapshots/rds-data-local';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../functions/operations.ts';
import { type Reply, startService } from '../support/service.ts';
import { computed, idsOf, posted, reading, withoutDatabase, writing } from './cases.ts';
import { report } from './figures.ts';
import { expectCleanFailure, faultCases, type TimedReply, timed, underFault } from './under-faults.ts';
import { sendAll } from './writes.ts';

const faults = openFaults();
const { call } = await startService({ faults });

/** The part of a response that does not depend on when it was requested. */
const timeless = ({ status, body }: Reply) => ({ status, body: { ...body, from: null, to: null } });

const noIds = { snapshot_id: '', trade_id: '', experiment_id: '' };
const ids = Object.keys(reading('reader', noIds));
let reads: ReturnType<typeof reading>;
const quiet = new Map<string, ReturnType<typeof timeless>>();

const readAll = async (): Promise<Map<string, TimedReply>> =>
  new Map(
    await Promise.all(
      Object.entries(reads).map(
        async ([id, { route, ...read }]) => [id, await timed(() => call(route, read))] as const,
      ),
    ),
  );

beforeAll(async () => {
  await sendAll(
    call,
    [...posted('reader'), writing.correctFill?.('reader', noIds), computed('reader')].filter((each) => !!each),
  );
  reads = reading('reader', await idsOf(call, 'reader'));
  // After a first report, no days are marked.
  await readAll();
  for (const [id, { reply }] of await readAll()) quiet.set(id, timeless(reply));
});
afterAll(() => report({ check: 'Operations that read, under faults', faults: faults.met(), lost: 0, doubled: 0 }));

test('every operation is covered: reads here, writes in writes-under-faults', () => {
  expect([...ids, ...Object.keys(writing)].sort()).toEqual(operations.map(({ id }) => id).sort());
});

describe.each(faultCases)('$fault, $times: the response is $status', (faultCase) => {
  let answers: Map<string, TimedReply>;
  beforeAll(async () => {
    answers = await underFault(faults, faultCase, readAll);
  });

  test.each(ids)('%s', (id) => {
    const answered = answers.get(id) ?? expect.fail('it was not asked');
    const status = withoutDatabase.includes(id) ? 'right' : faultCase.status;
    if (status === 'right') expect(timeless(answered.reply)).toEqual(quiet.get(id));
    else expectCleanFailure(answered, status);
  });
});
