import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { failed } from '../../cli/failure.ts';
import { copyOfProject } from '../reliability/prove/without-guard.ts';
import { type Candidate, everyCandidate, sampleOf } from './candidates.ts';
import { mutated } from './mutant.ts';
import { merged, type Outcome, type Result, resultOf, scoreOf, sectionIn } from './results.ts';
import { tested, testerIn } from './task.ts';

const HELP = `npm run mutate: changes the code that decides, one place at a time, and checks that a test fails.

  --sample N   only N mutants, chosen by the seed from all areas (300; 0: all of them)
  --seed N     seed of the sample (1)
  --only S     only files whose path contains S; may be repeated
  --again      also runs again what survived an earlier run
  --jobs N     mutants tested at the same time (2; 0: none, only counts what was tried)
  --write      writes the score to docs/mutation.json and docs/reliability.md, for the areas that were tried

A run that is stopped goes on where it was: results are kept in mutation-results.jsonl. A mutant takes from a second to two minutes.
The exit code is 1 when fewer than 90 % are killed.`;

/** Test files that were seen to pass without a mutant. */
const sound = new Set<string>();

const project = fileURLToPath(new URL('../..', import.meta.url));
const kept = join(project, 'mutation-results.jsonl');

try {
  const options = {
    help: { type: 'boolean', short: 'h' },
    sample: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true },
    again: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
    write: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ options });
  const [sample, seed, jobs] = [values.sample, values.seed, values.jobs].map(Number) as [number, number, number];
  if (values.help) console.log(HELP);
  else if (![sample, seed, jobs].every((n) => Number.isInteger(n) && n >= 0))
    throw new Error('--sample, --seed and --jobs must be whole numbers');
  else await main({ ...values, only: values.only ?? [''], sample, seed, jobs });
} catch (error) {
  failed(error);
}

interface Options {
  readonly sample: number;
  readonly seed: number;
  readonly jobs: number;
  readonly only: readonly string[];
  readonly again: boolean;
  readonly write: boolean;
}

async function main({ sample, seed, jobs, only, again, write }: Options): Promise<void> {
  const all = everyCandidate(project, only);
  const chosen = sampleOf(all, { seed, size: sample === 0 ? all.length : sample });
  const found = outcomes();
  const isDue = ({ id }: Candidate) => !found.latest.has(id) || (again && found.latest.get(id) === 'survived');
  await run(chosen.filter(isDue), jobs, (candidate, outcome) => {
    add(found, { id: candidate.id, outcome });
    appendFileSync(kept, `${JSON.stringify({ id: candidate.id, outcome })}\n`);
  });

  const result = resultOf(chosen, { found, all, seed });
  for (const { file, change } of result.survivors) console.log(`survived: ${file}:${change}`);
  console.log(`${scoreOf(result)} % of the mutants were killed.`);
  if (scoreOf(result) < 90) process.exitCode = 1;
  if (write) writeDocs(result);
}

/** What was found so far. */
function outcomes() {
  const found = { first: new Map<string, Outcome>(), latest: new Map<string, Outcome>() };
  if (!existsSync(kept)) return found;
  for (const line of readFileSync(kept, 'utf8').trim().split('\n')) add(found, JSON.parse(line));
  return found;
}

function add({ first, latest }: ReturnType<typeof outcomes>, { id, outcome }: { id: string; outcome: Outcome }): void {
  if (!first.has(id)) first.set(id, outcome);
  latest.set(id, outcome);
}

/** Tests each mutant in a copy of the project: one copy for each job. */
async function run(
  due: readonly Candidate[],
  jobs: number,
  found: (candidate: Candidate, outcome: Outcome) => void,
): Promise<void> {
  if (due.length === 0 || jobs === 0) return;
  const bar = new SingleBar({
    format: 'Mutants {bar} {value} of {total}, {eta_formatted} left  {change}',
    noTTYOutput: true,
    notTTYSchedule: 30_000,
    etaBuffer: 50,
  });
  bar.start(due.length, 0, { change: '' });
  const queue = due.values();
  const job = async () => {
    const { place, discard } = copyOfProject();
    let tester: ChildProcess | undefined;
    try {
      for (const candidate of queue) {
        if (!tester?.connected) tester = testerIn(place);
        found(candidate, await outcomeOf(place, tester, candidate));
        bar.increment(1, { change: `${candidate.file}:${candidate.change}`.slice(0, 100) });
      }
    } finally {
      if (tester?.connected) {
        tester.disconnect();
        await once(tester, 'exit');
      }
      discard();
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, job));
  } finally {
    bar.stop();
  }
}

/** @throws Error when a test that failed with the mutant fails without it, too */
async function outcomeOf(place: string, tester: ChildProcess, { area, file, mutant }: Candidate): Promise<Outcome> {
  const path = join(place, file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(path, mutated(source, mutant));
  const { outcome, failed } = await tested(tester, { file, steps: area.tests }).finally(() =>
    writeFileSync(path, source),
  );
  if (failed !== null && !sound.has(failed)) {
    if ((await tested(tester, { file, steps: [failed] })).outcome !== 'survived')
      throw new Error(`${failed} fails without a mutant, too`);
    sound.add(failed);
  }
  return outcome;
}

/** Writes the areas that were tried; the others keep what was found before. */
function writeDocs(now: Result): void {
  const figures = join(project, 'docs/mutation.json');
  const result = merged(JSON.parse(readFileSync(figures, 'utf8')), now);
  writeFileSync(figures, `${JSON.stringify(result, null, 2)}\n`);
  const page = join(project, 'docs/reliability.md');
  writeFileSync(page, sectionIn(readFileSync(page, 'utf8'), result));
}
