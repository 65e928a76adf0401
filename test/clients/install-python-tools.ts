import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { awsTools, clientTools, type PythonTools } from '../support/python-tools.ts';

const HELP = `npm run python-tools

Installs what tests use besides Python, each once: freqtrade, mypy and ruff for the Python client, about 800 MB in
${clientTools.environment}, in half a minute; cfn-lint, moto and botocore for the templates, about 300 MB in
${awsTools.environment}.`;

const { help } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } }).values;
if (help) console.log(HELP);
else {
  install('The tools for the templates', awsTools);
  install('The tools of the Python client', clientTools);
}

function install(name: string, { python, environment, requirements }: PythonTools): void {
  if (python !== null) {
    console.log(`${name} are in ${environment}.`);
    return;
  }
  rmSync(environment, { recursive: true, force: true });
  run('python3', '-m', 'venv', environment);
  run(join(environment, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--requirement', requirements);
  writeFileSync(join(environment, 'complete'), '');
  console.log(`${name} are installed in ${environment}.`);
}

function run(program: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status === 0) return;
  console.error(`${program} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}
