import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Guard } from './guards.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));

/** Copies the project, so that guards can be removed without changing the working tree. */
export function copyOfProject(): { readonly place: string; readonly discard: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'without-a-guard-'));
  const place = join(directory, 'main');
  const parts = [
    'functions',
    'infra',
    'local',
    'cli',
    'packages',
    'clients',
    'test',
    'docs',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'cdk.json',
    'vitest.config.ts',
  ];
  for (const part of parts) cpSync(join(project, part), join(place, part), { recursive: true });
  // Tests list the files with git.
  execFileSync('git', ['init', '--quiet'], { cwd: place });
  // Linked one by one, so that the workspace's own package is that of the copy.
  const modules = join(place, 'node_modules');
  mkdirSync(join(modules, '@strategy-snapshots'), { recursive: true });
  symlinkSync(join(place, 'packages', 'rds-data-local'), join(modules, '@strategy-snapshots', 'rds-data-local'));
  for (const name of readdirSync(join(project, 'node_modules')))
    if (name !== '@strategy-snapshots') symlinkSync(join(project, 'node_modules', name), join(modules, name));
  // The real histories, if there are any, are next to the project.
  const shared = join(dirname(join(project, 'package.json')), '..', 'shared');
  if (existsSync(shared)) symlinkSync(shared, join(directory, 'shared'));
  return { place, discard: () => rmSync(directory, { recursive: true, force: true }) };
}

/** The result of a test run: the number of passed tests, and the names of failed ones. */
export interface Tested {
  readonly passed: number;
  readonly failures: readonly string[];
}

interface Results {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** The only failure of a run in which no test could start. */
export const NOTHING_RAN = 'the tests did not start';

interface Limits {
  /** Whether the first failure ends the run. */
  readonly bail?: boolean;
  /** Time for the run, in ms; a longer one counts as a failure. */
  readonly limitMs?: number;
}

/** Runs tests in a copy of the project. A file that fails to load counts as one failure. */
export async function tested(place: string, files: string, { bail = false, limitMs }: Limits = {}): Promise<Tested> {
  const file = join(place, 'results.json');
  rmSync(file, { force: true });
  const options = [
    '--project=PostgreSQL 17',
    '--project=no database',
    '--project=infra, local and cli',
    ...(bail ? ['--bail=1', '--maxWorkers=1'] : []),
    '--reporter=json',
    `--outputFile=${file}`,
  ];
  // In a group of its own, so that all of its processes can be ended.
  const child = spawn('vitest', ['run', ...options, ...files.split(' ')], {
    cwd: place,
    stdio: 'ignore',
    detached: true,
  });
  let late = false;
  const limit =
    limitMs === undefined
      ? undefined
      : setTimeout(() => {
          late = true;
          if (child.pid) process.kill(-child.pid, 'SIGKILL');
        }, limitMs);
  await once(child, 'close');
  clearTimeout(limit);
  if (late) return { passed: 0, failures: ['the tests took too long'] };
  if (!existsSync(file)) return { passed: 0, failures: [NOTHING_RAN] };
  const { numPassedTests, testResults }: Results = JSON.parse(readFileSync(file, 'utf8'));
  const failures = testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
    return message && failed.length === 0 ? [`${name}: ${message}`] : failed;
  });
  return { passed: numPassedTests, failures };
}

/** Removes a guard, runs work, and restores the guard.
 *  @throws Error when the guard is not found exactly once */
export async function without<Result>(
  place: string,
  { guard, file, line, without: hole }: Guard,
  work: () => Promise<Result>,
): Promise<Result> {
  const path = join(place, file);
  const whole = readFileSync(path, 'utf8');
  if (whole.split(line).length !== 2) throw new Error(`the guard "${guard}" is not in ${file} exactly once`);
  writeFileSync(
    path,
    whole.replace(line, () => hole),
  );
  try {
    return await work();
  } finally {
    writeFileSync(path, whole);
  }
}
