import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, pythonWithTools, requirements } from '../support/python-tools.ts';

/** Installs what the tests of the Python client need besides Python: about 800 MB, in half a minute, once. */
if (pythonWithTools) console.log(`The tools of the Python client are in ${environment}.`);
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
