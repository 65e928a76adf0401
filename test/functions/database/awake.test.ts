import { openFaults } from '@strategy-snapshots/rds-data-local';
import { expect, test, vi } from 'vitest';
import type { untilAwake } from '../../../functions/database/awake.ts';
import { startService } from '../../support/service.ts';

// Before the code is loaded that waits.
vi.doMock('node:timers/promises', () => ({
  setTimeout: async (_ms: number, value: unknown, { signal }: { signal?: AbortSignal } = {}) => {
    signal?.throwIfAborted();
    return value;
  },
}));
const { untilAwake: wait } = (await import('../../../functions/database/awake.ts')) as {
  untilAwake: typeof untilAwake;
};
const faults = openFaults();
const { database } = await startService({ faults });

/** What a new or resuming cluster, and permissions that settle, answer. */
const answers = [
  ['AccessDeniedException'],
  ['BadRequestException', 'Communications link failure'],
  ['DatabaseNotFoundException'],
  ['ForbiddenException'],
  ['HttpEndpointNotEnabledException'],
  ['InternalServerErrorException'],
  ['InvalidResourceStateException'],
  ['InvalidSecretException'],
  ['SecretsErrorException'],
  ['ServiceUnavailableError'],
  ['StatementTimeoutException'],
] as const;

test('the migrator waits until the database answers, whatever it says before, and logs what it waits for', async () => {
  for (const [name, message] of answers) faults.add({ name, times: 3, ...(message && { message }) });
  const logged: unknown[] = [];
  const logger = { info: (...parts: unknown[]) => logged.push(...parts) };
  await wait(database, { signal: new AbortController().signal, logger: logger as never });
  const reasons = logged
    .filter((part): part is { reason: string } => typeof part === 'object')
    .map(({ reason }) => reason);
  expect(reasons.map((reason) => reason.split(':')[0])).toEqual(answers.map(([name]) => name));
  expect(reasons).toContain('BadRequestException: Communications link failure');
});

test('an error that waiting cannot end is thrown at once', async () => {
  faults.add({ name: 'DatabaseErrorException', message: 'ERROR: permission denied; SQLState: 42501', times: 1 });
  const logger = { info: () => {} };
  await expect(wait(database, { signal: new AbortController().signal, logger: logger as never })).rejects.toThrow(
    'permission denied',
  );
});

test('when the time is over, the last reason is thrown', async () => {
  faults.add({ name: 'AccessDeniedException', message: 'not authorized' });
  const logger = { info: () => {} };
  await expect(wait(database, { signal: AbortSignal.abort(), logger: logger as never })).rejects.toThrow(
    'not authorized',
  );
  faults.clear();
});
