#!/usr/bin/env node
// Runs the command with the Node.js that npm ci installs, since the machine's own may be too old for TypeScript.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
const main = fileURLToPath(new URL('main.ts', import.meta.url));
// A command starts in half the time from compiled code.
const env = { NODE_COMPILE_CACHE: join(tmpdir(), 'strategy-compile-cache'), ...process.env };
const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit', env });
// Ctrl-C reaches both processes; SIGTERM only this one.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('error', (error) => {
  console.error(`Node.js 24 is not installed (${error.message}): run npm ci`);
  process.exitCode = 1;
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
