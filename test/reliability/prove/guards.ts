/** A line of code that keeps a promise, its replacement without the guard, and the tests that must fail then. */
export interface Guard {
  readonly guard: string;
  readonly file: string;
  readonly line: string;
  readonly without: string;
  readonly tests: string;
}

export const guards: readonly Guard[] = [
  {
    guard: 'Periods of a bot never overlap, so that one is active (exclusion constraint)',
    file: 'functions/snapshots/sql/tables.sql',
    line: 'tstzrange(active_from, active_until) WITH &&)',
    without: 'tstzrange(active_from, active_until) WITH =)',
    tests: 'test/functions/database/constraints.test.ts',
  },
  {
    guard: 'Every write locks its bot first',
    file: 'functions/database/sql/writes.sql',
    line: '  PERFORM FROM bots WHERE bot_id = p_bot_id FOR NO KEY UPDATE;\n  IF NOT FOUND THEN',
    without: '  PERFORM FROM bots WHERE bot_id = p_bot_id;\n  IF NOT FOUND THEN',
    tests: 'test/reliability/concurrency.test.ts',
  },
  {
    guard: 'Bots are locked in one order',
    file: 'functions/trade-links/sql/link_trades.sql',
    line: ' AS link ORDER BY 1) AS bot;',
    without: ' AS link ORDER BY random()) AS bot;',
    tests: 'test/reliability/concurrency.test.ts test/reliability/locks.test.ts',
  },
  {
    guard: 'The clock is read after the lock',
    file: 'functions/snapshots/sql/save_snapshot.sql',
    line: 'v_from := CASE WHEN v_from <= v_now THEN v_from ELSE greatest(v_now, v_last) END;',
    without: 'v_from := coalesce(v_from, now());',
    tests: 'test/reliability/concurrency.test.ts',
  },
  {
    guard: 'An idempotency key returns its first response',
    file: 'functions/snapshots/sql/answers.sql',
    line: '  RETURN v_hash IS NOT NULL;',
    without: '  RETURN false;',
    tests: 'test/reliability/idempotency.test.ts',
  },
  {
    guard: 'What matching has read has not moved',
    file: 'functions/trades/sql/write_matching.sql',
    line: '  WHERE bot_id = p_bot_id AND matching_version = p_version\n',
    without: '  WHERE bot_id = p_bot_id\n',
    tests: 'test/reliability/concurrency.test.ts',
  },
  {
    guard: 'A late fill marks the days it touches',
    file: 'functions/trades/sql/trades.sql',
    line: "  FROM made\n  WHERE entry_snapshot_id IS NOT NULL AND attribution <> 'manual'",
    without: '  FROM made\n  WHERE false',
    tests: 'test/reliability/nights.test.ts',
  },
  {
    guard: 'A fill that was corrected is known as it was first sent',
    file: 'functions/trades/fill-identity.ts',
    line: ' && !(first && differences(first, fill) === null)',
    without: '',
    tests: 'test/functions/trades/corrections.test.ts',
  },
  {
    guard: 'A deadlock is retried',
    file: 'functions/database/database-error.ts',
    line: "(error.sqlState === '40P01' || error.sqlState === '40001')",
    without: "error.sqlState === 'none'",
    tests: 'test/reliability/locks.test.ts',
  },
  {
    guard: 'Calls are retried while the database resumes',
    file: 'functions/database/data-api.ts',
    line: 'error instanceof DatabaseResumingException || error',
    without: 'error',
    tests: 'test/reliability/writes-under-faults.test.ts',
  },
  {
    guard: 'A throttled call is retried',
    file: 'functions/database/data-api.ts',
    line: "['ThrottlingException', 'TooManyRequestsException'].includes(error.name)",
    without: "error.name === 'none'",
    tests: 'test/reliability/writes-under-faults.test.ts',
  },
  {
    guard: 'A mail is claimed before it is sent',
    file: 'functions/report/delivery/claimed.ts',
    line: '    if (!(await store.claim(database, delivery, resend))) continue;\n',
    without: '    await store.claim(database, delivery, resend);\n',
    tests: 'test/reliability/schedules-under-faults.test.ts',
  },
  {
    guard: 'A mail has a connection of its own',
    file: 'functions/runtime/mailer.ts',
    line: 'httpAgent: { keepAlive: false }',
    without: 'httpAgent: { keepAlive: true }',
    tests: 'test/functions/report/delivery.test.ts',
  },
  {
    guard: 'A message has a connection of its own',
    file: 'functions/runtime/messenger.ts',
    line: "{ ...headers, connection: 'close' }",
    without: '{ ...headers }',
    tests: 'test/functions/report/channels/delivery.test.ts',
  },
  {
    guard: 'The mail service is called once',
    file: 'functions/runtime/mailer.ts',
    line: '  maxAttempts: 1,\n',
    without: '',
    tests: 'test/reliability/schedules-under-faults.test.ts',
  },
  {
    guard: 'Text from outside is escaped in a page',
    file: 'functions/report/document/html.ts',
    line: 'return escaped(String(part));',
    without: 'return String(part);',
    tests: 'test/reliability/naughty-strings.test.ts',
  },
  {
    guard: 'U+0000 is rejected',
    file: 'functions/contract/fields.ts',
    line: "    .refine((value) => !value.includes('\\u0000'), 'must not contain U+0000')\n",
    without: '',
    tests: 'test/reliability/hostile-input.test.ts test/functions/http/bad-input.test.ts',
  },
  {
    guard: 'An internal error reveals no details',
    file: 'functions/http/problem.ts',
    line: "problem(500, 'the service failed; the log has the reason under this request id')",
    without: 'problem(500, String(error))',
    tests: 'test/reliability/reads-under-faults.test.ts',
  },
  {
    guard: 'Every route but /health is signed',
    file: 'infra/constructs/api.ts',
    line: "access === 'public' ? new HttpNoneAuthorizer() : new HttpIamAuthorizer()",
    without: 'new HttpNoneAuthorizer()',
    tests: 'test/infra/stacks.test.ts',
  },
  {
    guard: 'A function may only run statements',
    file: 'infra/constructs/database-login.ts',
    line: "['rds-data:ExecuteStatement']",
    without: "['rds-data:ExecuteStatement', 'rds-data:BatchExecuteStatement']",
    tests: 'test/infra/stacks.test.ts',
  },
  {
    guard: 'The role of the functions cannot write tables',
    file: 'functions/database/sql/tables.sql',
    line: 'GRANT SELECT ON TABLES TO app;',
    without: 'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app;',
    tests: 'test/functions/database/constraints.test.ts',
  },
  {
    guard: 'The local server rejects a foreign Host header',
    file: 'local/loopback-only.ts',
    line: "/^(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d+)?$/.test(host ?? '')",
    without: "host !== 'none'",
    tests: 'test/local/service.test.ts',
  },
  {
    guard: 'Only one process uses a data directory',
    file: 'packages/rds-data-local/src/engines/directory-lock.ts',
    line: "lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');",
    without: '',
    tests: 'test/local/service.test.ts',
  },
];
