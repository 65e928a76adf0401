import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartProcess, startProcess } from '../local/start-process.ts';
import { migratedUrl } from '../support/database.ts';

/** The page’s workspace, which has the generator, and a TypeScript with the compiler API that it needs. */
const workspace = fileURLToPath(new URL('../../web/', import.meta.url));
let directory: string;
let service: StartProcess;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'strategy-client-'));
  service = startProcess({ DATABASE_URL: await migratedUrl() });
});

afterAll(async () => {
  service.kill('SIGTERM');
  await service.ended;
  await rm(directory, { recursive: true });
});

const tool = (script: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(workspace, 'node_modules', script), ...args], { cwd: directory });

test('the types of the page’s calls are those of the OpenAPI document (to update: npm run openapi)', async () => {
  const { generatedSchema } = await import('../../web/api/generate.ts');
  await expect(await generatedSchema()).toMatchFileSnapshot('../../web/api/schema.ts');
});

test('a client generated from the OpenAPI document is type-checked, and works', async () => {
  const document = fileURLToPath(new URL('../../functions/openapi.json', import.meta.url));
  // By default the generator asks for what has a default.
  const options = ['-o', 'contract.ts', '--default-non-nullable=false'];
  await tool('openapi-typescript/bin/cli.js', document, ...options);
  await copyFile(fileURLToPath(new URL('typescript/use.ts', import.meta.url)), join(directory, 'use.ts'));
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(directory, 'node_modules'));
  const strictly = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024', '--skipLibCheck'];
  await tool('typescript/bin/tsc', ...strictly, '--allowImportingTsExtensions', 'use.ts');

  const { useService } = await import(join(directory, 'use.ts'));
  expect(await useService((await service.ready).api)).toEqual({
    changed: true,
    accepted: 1,
    notes: 'Baseline',
    open: 1,
    verdict: 'not_enough_data',
    refused: 'bot nobody has no active snapshot',
    wrong: expect.arrayContaining([expect.objectContaining({ path: '/0/side' })]),
  });
});
