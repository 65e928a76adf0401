import { defineConfig } from 'vitest/config';

const throughTheDoor = ['test/functions/**/*.test.ts'];

/** What goes in through the handlers runs twice: on PGlite (PostgreSQL 18) and on a real server of Aurora's version (17). */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'pglite',
          include: throughTheDoor,
          globalSetup: ['test/support/pglite-template.ts'],
          env: { ENGINE: 'pglite' },
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: throughTheDoor,
          globalSetup: ['test/support/postgres-template.ts'],
          env: { ENGINE: 'postgres' },
        },
      },
      { extends: true, test: { name: 'infra', include: ['test/infra/**/*.test.ts', 'test/simulation/*.test.ts'] } },
    ],
  },
});
