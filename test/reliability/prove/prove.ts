import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { failed } from '../../../cli/failure.ts';
import type { Figures } from '../figures.ts';
import { type Guard, guards } from './guards.ts';
import { pageOf } from './page.ts';
import { promises } from './promises.ts';
import { copyOfProject, tested, without } from './without-guard.ts';

const HELP = `npm run prove: that nothing is lost and nobody gets in, at full size, and that each guard is needed.

  --seed N    other histories, requests and moments (1)
  --guards    only takes the guards away, one by one (about five minutes)
  --only S    only guards whose name contains S
  --write     writes what was found to docs/reliability.md

Without --guards it takes about half an hour. It ends with 1 when something was lost, or a guard is not needed.`;

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

async function main(asked: { seed: string; guards: boolean; only: string; write: boolean }): Promise<void> {
  const full = asked.guards || asked.only ? null : await fullSize(asked.seed);
  const needed = await withoutEach(guards.filter(({ guard }) => guard.includes(asked.only)));
  const idle = needed.filter(([, failures]) => failures === 0);
  console.log(`${needed.length - idle.length} of ${needed.length} guards are needed`);
  for (const [{ guard, tests }] of idle) console.log(`  not needed, or not tested by ${tests}: ${guard}`);
  if (idle.length > 0) process.exitCode = 1;
  if (!asked.write) return;
  if (!full || idle.length > 0) throw new Error('--write needs a whole run in which everything held');
  const date = new Date().toISOString().slice(0, 10);
  const page = pageOf({ date, promises, ...full, guards: needed });
  writeFileSync(new URL('../../../docs/reliability.md', import.meta.url), page);
}

/** Every check of this folder at full size, its output shown as it comes. */
async function fullSize(seed: string): Promise<{ passed: number; figures: Figures[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'prove-'));
  const [file, results] = [join(directory, 'figures.jsonl'), join(directory, 'results.json')];
  try {
    const child = spawn(
      'vitest',
      ['run', '--reporter=default', '--reporter=json', `--outputFile=${results}`, 'test/reliability'],
      {
        env: { ...process.env, RELIABILITY: 'full', RELIABILITY_SEED: seed, RELIABILITY_FIGURES: file },
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
    const [code] = await once(child, 'exit');
    if (code !== 0 || !existsSync(file)) throw new Error('a promise was broken: see above');
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const { numPassedTests: passed } = JSON.parse(readFileSync(results, 'utf8'));
    return { passed, figures: lines.map((line) => JSON.parse(line)) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** How many tests fail without each guard. With all of them none may. */
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
      throw new Error(`with every guard in its place these fail:\n${whole.failures.join('\n')}`);
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
