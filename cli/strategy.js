#!/usr/bin/env node
// Runs the terminal by the Node.js that the project brings, since the machine's own may be too old for TypeScript.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
const main = fileURLToPath(new URL('main.ts', import.meta.url));
// It starts in half the time when what was compiled is kept.
const env = { NODE_COMPILE_CACHE: join(tmpdir(), 'strategy-compile-cache'), ...process.env };
const { status, error } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit', env });
if (error) console.error(`Node.js 24 is not here (${error.message}): npm ci brings it`);
process.exitCode = status ?? 1;
