import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { temporaryFilesOfRun } from './test/support/temporary-files.ts';

/** A compile cache shared by the processes that tests start, as the launcher of the terminal does, and by the next runs. */
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'strategy-compile-cache');

process.env.TMPDIR = temporaryFilesOfRun();

/** Records the functions' calls of AWS when the whole suite runs, so that a test can compare them with their permissions. A part of the
 *  suite would not use every permission. */
if (process.argv.slice(2).every((argument) => argument === 'run'))
  process.env.RECORDED_CALLS = join(process.env.TMPDIR, 'recorded-calls.jsonl');

/** Tests that need no database: calculations, and rules for the source code. */
const withoutDatabase = [
  'test/language.test.ts',
  'test/sentences/*.test.ts',
  'test/functions/architecture.test.ts',
  'test/functions/comparison/verdict/*.test.ts',
  'test/functions/contract/*.test.ts',
  'test/functions/database/data-api.test.ts',
  'test/functions/experiments/{experiment,numbers,plan,properties}.test.ts',
  'test/functions/formatting.test.ts',
  'test/functions/report/{as-html,charts,definitions}.test.ts',
  'test/functions/snapshots/canonical.test.ts',
  'test/functions/trades/matching/*.test.ts',
  'test/docs.test.ts',
];

/** Tests of writes, summaries and comparisons, which run on both engines. The others run on PostgreSQL only, which is faster; reports on
 *  PGlite are covered by the tests of the local service. */
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

/** Tests of commands, bundles and the page that need a database. */
const toolsOnADatabase = [
  'test/infra/bundles.test.ts',
  'test/cli/{backup,import,reconcile,sync}/*.test.ts',
  'test/cli/{lists,terminal}.test.ts',
  'test/local/page.test.ts',
  'test/web/*.test.ts',
];

export default defineConfig({
  test: {
    // Long enough for a machine that is busy with other work.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Twice as many as a small machine has cores, since tests often wait for processes or timers.
    maxWorkers: 4,
    // Test files share worker processes, since packages load slowly. Our own modules are reset for each file.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    setupFiles: ['test/support/of-its-own.ts'],
    // Loaded natively, since its WebAssembly renderer can start only once per process.
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
      {
        extends: true,
        test: { name: 'no database', include: [...withoutDatabase, 'test/{licences,mutation,simulation}/*.test.ts'] },
      },
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
