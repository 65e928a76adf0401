/** A promise of the system, and the tests that fail when it is broken. */
export interface Promised {
  readonly promise: string;
  readonly tests: readonly string[];
}

export const promises: readonly Promised[] = [
  {
    promise: 'What was acknowledged is stored, once.',
    tests: [
      'test/reliability/crash.test.ts',
      'test/reliability/soak.test.ts',
      'test/reliability/writes-under-faults.test.ts',
      'test/local/service.test.ts',
      'packages/rds-data-local/test/full-disk.test.ts',
      'test/cli/backup/backup.test.ts',
    ],
  },
  {
    promise: 'Retries, duplicates, reordering and crashes at any point change no number.',
    tests: [
      'test/reliability/idempotency.test.ts',
      'test/reliability/concurrency.test.ts',
      'test/reliability/writes-under-faults.test.ts',
      'test/reliability/crash.test.ts',
      'test/functions/trades/fifo.test.ts',
      'test/functions/trades/random-histories.test.ts',
      'test/functions/trades/corrections.test.ts',
    ],
  },
  {
    promise: 'A client keeps its records under a wrong clock, a damaged outbox, and a service that cannot take them.',
    tests: ['test/clients/python.test.ts', 'test/functions/http/unavailable.test.ts'],
  },
  {
    promise: 'A bot has at most one active snapshot at any time.',
    tests: ['test/reliability/concurrency.test.ts', 'test/functions/database/constraints.test.ts'],
  },
  {
    promise: 'The summary of a day equals its trades, however late they arrive.',
    tests: [
      'test/reliability/nights.test.ts',
      'test/functions/summaries/summaries.test.ts',
      'test/functions/trades/corrections.test.ts',
    ],
  },
  {
    promise: 'A missed or failed nightly run is caught up or raises an alarm; a mail is sent at most once.',
    tests: [
      'test/reliability/nights.test.ts',
      'test/reliability/schedules-under-faults.test.ts',
      'test/functions/report/delivery.test.ts',
      'test/functions/summaries/night.test.ts',
      'test/functions/summaries/watch.test.ts',
      'test/infra/jobs.test.ts',
    ],
  },
  {
    promise:
      'Only signed requests are accepted, a signer reaches only its bots, and each function has only the permissions that it uses.',
    tests: [
      'test/infra/stacks.test.ts',
      'test/infra/permissions.test.ts',
      'test/functions/access/access.test.ts',
      'test/functions/database/constraints.test.ts',
      'test/local/service.test.ts',
      'test/cli/smoke/smoke.test.ts',
    ],
  },
  {
    promise:
      'Invalid input gets a clear 4xx and leaves no trace; an internal error gets a 500 without details, which are in the log.',
    tests: [
      'test/reliability/hostile-input.test.ts',
      'test/reliability/naughty-strings.test.ts',
      'test/reliability/reads-under-faults.test.ts',
      'test/functions/http/bad-input.test.ts',
      'test/functions/http/unavailable.test.ts',
    ],
  },
];
