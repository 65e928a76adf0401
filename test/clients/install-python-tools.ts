import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { environment, pythonWithTools, requirements } from '../support/python-tools.ts';

const HELP = `npm run python-tools

Installs what the tests of the Python client use, besides Python: freqtrade, mypy and ruff. About 800 MB in
${environment}, in half a minute, once.`;

const { help } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } }).values;
if (help) console.log(HELP);
else if (pythonWithTools) console.log(`The tools of the Python client are in ${environment}.`);
else {
  rmSync(environment, { recursive: true, force: true });
  run('python3', '-m', 'venv', environment);
  run(join(environment, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--requirement', requirements);
  writeFileSync(join(environment, 'complete'), '');
  console.log(`Installed the tools of the Python client in ${environment}.`);
}

function run(program: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status === 0) return;
  console.error(`${program} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}
