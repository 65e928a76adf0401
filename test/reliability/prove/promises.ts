/** What the system promises, and the tests that would fail if it broke its word. */
export interface Promised {
  readonly promise: string;
  readonly tests: readonly string[];
}

export const promises: readonly Promised[] = [
  {
    promise: 'What was acknowledged is stored, once.',
    tests: [
      'test/reliability/crash.test.ts',
      'test/reliability/writes-under-faults.test.ts',
      'test/local/service.test.ts',
      'test/cli/backup/backup.test.ts',
    ],
  },
  {
    promise: 'A retry, a double, a reordering, a crash at any point changes no number.',
    tests: [
      'test/reliability/idempotency.test.ts',
      'test/reliability/concurrency.test.ts',
      'test/reliability/writes-under-faults.test.ts',
      'test/reliability/crash.test.ts',
      'test/functions/trades/fifo.test.ts',
      'test/functions/trades/corrections.test.ts',
    ],
  },
  {
    promise: 'At every moment a bot has at most one active snapshot.',
    tests: ['test/reliability/concurrency.test.ts', 'test/functions/database/constraints.test.ts'],
  },
  {
    promise: 'A day’s summary equals what its trades say, however late they came.',
    tests: [
      'test/reliability/nights.test.ts',
      'test/functions/summaries/summaries.test.ts',
      'test/functions/trades/corrections.test.ts',
    ],
  },
  {
    promise: 'A missed or failed night repairs itself or raises an alarm; a mail goes out at most once.',
    tests: [
      'test/reliability/nights.test.ts',
      'test/reliability/schedules-under-faults.test.ts',
      'test/functions/report/delivery.test.ts',
      'test/functions/summaries/watch.test.ts',
      'test/infra/stacks.test.ts',
    ],
  },
  {
    promise: 'Only a signed caller gets in, and a function can do only what it does.',
    tests: [
      'test/infra/stacks.test.ts',
      'test/infra/permissions.test.ts',
      'test/functions/database/constraints.test.ts',
      'test/local/service.test.ts',
      'test/cli/smoke/smoke.test.ts',
    ],
  },
  {
    promise:
      'Bad input gets a clear 4xx and leaves no trace; our fault gets a 500 without inner details, and a log line with them.',
    tests: [
      'test/reliability/hostile-input.test.ts',
      'test/reliability/naughty-strings.test.ts',
      'test/reliability/reads-under-faults.test.ts',
      'test/functions/http/bad-input.test.ts',
      'test/functions/http/unavailable.test.ts',
    ],
  },
];
