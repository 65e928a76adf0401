import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { failed } from '../../../cli/failure.ts';
import { sectionIn } from '../../mutation/results.ts';
import type { Figures } from '../figures.ts';
import { type Guard, guards } from './guards.ts';
import { pageOf } from './page.ts';
import { promises } from './promises.ts';
import { copyOfProject, tested, without } from './without-guard.ts';

const HELP = `npm run prove: runs the reliability tests at full size, and checks that each guard is needed.

  --seed N    seed of the histories, requests and times (1)
  --guards    only removes the guards, one by one (about five minutes)
  --only S    only guards whose name contains S
  --write     writes the results to docs/reliability.md

Without --guards it takes about 40 minutes. The exit code is 1 when a test fails, or a guard is not needed.`;

try {
  const options = {
    help: { type: 'boolean', short: 'h' },
    seed: { type: 'string', default: '1' },
    guards: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) console.log(HELP);
  else if (!/^\d{1,6}$/.test(values.seed)) throw new Error('--seed must be a whole number');
  else await main(values);
} catch (error) {
  failed(error);
}

async function main(options: { seed: string; guards: boolean; only: string; write: boolean }): Promise<void> {
  const full = options.guards || options.only ? null : await fullSize(options.seed);
  const needed = await withoutEach(guards.filter(({ guard }) => guard.includes(options.only)));
  const idle = needed.filter(([, failures]) => failures === 0);
  console.log(`${needed.length - idle.length} of ${needed.length} guards are needed`);
  for (const [{ guard, tests }] of idle) console.log(`  not needed, or not tested by ${tests}: ${guard}`);
  if (idle.length > 0) process.exitCode = 1;
  if (!options.write) return;
  if (!full || idle.length > 0) throw new Error('--write needs a complete run without failures');
  const date = new Date().toISOString().slice(0, 10);
  const page = pageOf({ date, promises, ...full, guards: needed });
  const docs = (name: string) => new URL(`../../../docs/${name}`, import.meta.url);
  writeFileSync(docs('reliability.md'), sectionIn(page, JSON.parse(readFileSync(docs('mutation.json'), 'utf8'))));
}

/** Runs all tests of this folder at full size, and those of the promises elsewhere, and shows their output. */
async function fullSize(seed: string): Promise<{ passed: number; figures: Figures[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'prove-'));
  const [file, results] = [join(directory, 'figures.jsonl'), join(directory, 'results.json')];
  try {
    const child = spawn(
      'vitest',
      [
        ...['run', '--reporter=default', '--reporter=json', `--outputFile=${results}`, 'test/reliability'],
        ...new Set(promises.flatMap(({ tests }) => tests)),
      ],
      {
        env: { ...process.env, RELIABILITY: 'full', RELIABILITY_SEED: seed, RELIABILITY_FIGURES: file },
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
    const [code] = await once(child, 'exit');
    if (code !== 0 || !existsSync(file)) throw new Error('tests failed: see above');
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const { numPassedTests: passed } = JSON.parse(readFileSync(results, 'utf8'));
    return { passed, figures: lines.map((line) => JSON.parse(line)) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Counts the tests that fail without each guard. With all guards, none may fail. */
async function withoutEach(each: readonly Guard[]): Promise<(readonly [Guard, number])[]> {
  const { place, discard } = copyOfProject();
  const bar = new SingleBar({
    format: 'Without {bar} {value} of {total}  {guard}',
    noTTYOutput: true,
    notTTYSchedule: 15_000,
  });
  bar.start(each.length + 1, 0, { guard: 'none of the guards' });
  try {
    const files = [...new Set(each.flatMap(({ tests }) => tests.split(' ')))].join(' ');
    const whole = await tested(place, files);
    if (whole.failures.length > 0 || whole.passed === 0)
      throw new Error(`with all guards in place, these tests fail:\n${whole.failures.join('\n')}`);
    const needed: (readonly [Guard, number])[] = [];
    for (const guard of each) {
      bar.increment(1, { guard: guard.guard });
      needed.push([guard, (await without(place, guard, () => tested(place, guard.tests))).failures.length]);
    }
    return needed;
  } finally {
    bar.stop();
    discard();
  }
}
