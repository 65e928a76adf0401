import { afterAll, vi } from 'vitest';

/** Each test file has our modules and the environment to itself, though it shares a process, since functions read their settings
 *  when they are loaded. */
vi.resetModules();

const environment = { ...process.env };
afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
});
