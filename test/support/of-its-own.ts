import { afterAll, vi } from 'vitest';

/** Resets our modules and the environment for each test file, since files share a process and functions read their settings when they are
 *  loaded. */
vi.resetModules();

const environment = { ...process.env };
afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
});
