import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Where the functions' calls of AWS are recorded, when the whole suite runs: a part of it would not use all that they may. */
if (process.argv.slice(2).every((argument) => argument === 'run')) {
  const calls = join(tmpdir(), `strategy-snapshots-calls-${process.pid}.jsonl`);
  process.env.RECORDED_CALLS = calls;
  process.once('exit', () => rmSync(calls, { force: true }));
}

/** The many processes that tests start find there what Node.js has compiled, as those of the terminal's launcher do. */
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'strategy-compile-cache');

/** Calculations and rules of the house: no database. */
const withoutDatabase = [
  'test/functions/architecture.test.ts',
  'test/functions/comparison/verdict/*.test.ts',
  'test/functions/contract/*.test.ts',
  'test/functions/database/data-api.test.ts',
  'test/functions/formatting.test.ts',
  'test/functions/report/definitions.test.ts',
  'test/functions/report/charts.test.ts',
  'test/functions/snapshots/canonical.test.ts',
  'test/docs.test.ts',
];

/** What writes, what sums up and what compares, through the handlers: on both engines. The rest needs one, and the server is faster;
 *  reports are made and mailed on PGlite where the local service is tested. */
const onBothEngines = [
  'test/functions/comparison/comparison.test.ts',
  'test/functions/snapshots/{rolling-back,snapshots}.test.ts',
  'test/functions/summaries/{runs,summaries}.test.ts',
  'test/functions/trade-links/{by-client-order-id,trade-links}.test.ts',
  'test/functions/trades/corrections.test.ts',
  'test/functions/trades/coverage.test.ts',
  'test/functions/trades/fills.test.ts',
  'test/functions/trades/trades.test.ts',
];

/** Commands that work on a database, or through the API on one; and what is deployed. */
const toolsOnADatabase = [
  'test/infra/bundles.test.ts',
  'test/cli/{backup,import}/*.test.ts',
  'test/cli/terminal.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than a small machine has cores, since tests often wait for a process or a clock.
    maxWorkers: 3,
    // A file takes over the process of the one before it: packages load slowly. What is ours begins anew in each.
    isolate: false,
    setupFiles: ['test/support/of-its-own.ts'],
    // Its renderer starts only once in a process.
    server: { deps: { external: [/\/charts\/png\.ts$/] } },
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'test-results.json' }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'PostgreSQL 17',
          maxConcurrency: 2,
          include: [
            'test/functions/**/*.test.ts',
            'test/reliability/*.test.ts',
            'test/clients/*.test.ts',
            ...toolsOnADatabase,
          ],
          exclude: withoutDatabase,
          globalSetup: ['test/support/postgres-template.ts'],
          env: { ENGINE: 'postgres' },
        },
      },
      {
        extends: true,
        test: {
          name: 'PGlite',
          include: onBothEngines,
          globalSetup: ['test/support/pglite-template.ts'],
          env: { ENGINE: 'pglite' },
        },
      },
      { extends: true, test: { name: 'no database', include: [...withoutDatabase, 'test/simulation/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'infra, local and cli',
          include: ['test/{infra,local,cli}/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
          exclude: [...toolsOnADatabase, 'test/infra/permissions.test.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'afterwards', include: ['test/infra/permissions.test.ts'], sequence: { groupOrder: 1 } },
      },
    ],
  },
});
