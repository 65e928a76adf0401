import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { failed } from '../../cli/failure.ts';
import { copyOfProject, NOTHING_RAN, tested } from '../reliability/prove/without-guard.ts';
import { type Candidate, everyCandidate, sampleOf } from './candidates.ts';
import { mutated } from './mutant.ts';
import { type Outcome, type Result, resultOf, sectionIn } from './results.ts';

const HELP = `npm run mutate: changes the code that decides, one place at a time, and checks that a test fails.

  --sample N   only N mutants, chosen by the seed from all areas (300; 0: all of them)
  --seed N     seed of the sample (1)
  --only S     only files whose path contains S
  --again      also runs again what survived an earlier run
  --jobs N     mutants tested at the same time (2)
  --write      writes the score to docs/mutation.json and docs/reliability.md

A run that is stopped goes on where it was: results are kept in mutation-results.jsonl. A mutant takes from two seconds to two minutes.
The exit code is 1 when fewer than 90 % are killed.`;

/** Time for one step of a mutant's tests, in ms. */
const STEP_MS = 240_000;

const project = fileURLToPath(new URL('../..', import.meta.url));
const kept = join(project, 'mutation-results.jsonl');

try {
  const options = {
    help: { type: 'boolean', short: 'h' },
    sample: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    again: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
    write: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ options });
  const [sample, seed, jobs] = [values.sample, values.seed, values.jobs].map(Number) as [number, number, number];
  if (values.help) console.log(HELP);
  else if (![sample, seed, jobs].every((n) => Number.isInteger(n) && n >= 0) || jobs === 0)
    throw new Error('--sample, --seed and --jobs must be whole numbers');
  else await main({ ...values, sample, seed, jobs });
} catch (error) {
  failed(error);
}

interface Options {
  readonly sample: number;
  readonly seed: number;
  readonly jobs: number;
  readonly only: string;
  readonly again: boolean;
  readonly write: boolean;
}

async function main({ sample, seed, jobs, only, again, write }: Options): Promise<void> {
  const all = everyCandidate(project, only);
  const chosen = sampleOf(all, { seed, size: sample === 0 ? all.length : sample });
  const known = outcomes();
  const isDue = ({ id }: Candidate) => !known.has(id) || (again && known.get(id) === 'survived');
  await run(chosen.filter(isDue), jobs, (candidate, outcome) => {
    known.set(candidate.id, outcome);
    appendFileSync(kept, `${JSON.stringify({ id: candidate.id, outcome })}\n`);
  });

  const result = resultOf(chosen, { known, of: all.length, seed });
  for (const { file, change } of result.survivors) console.log(`survived: ${file}:${change}`);
  console.log(`${result.killed} of ${result.killed + result.survivors.length} mutants killed: ${result.score} %`);
  if (result.score < 90) process.exitCode = 1;
  if (write) writeDocs(result);
}

/** What was found so far, by the id of the mutant. */
function outcomes(): Map<string, Outcome> {
  if (!existsSync(kept)) return new Map();
  const lines = readFileSync(kept, 'utf8').trim().split('\n');
  return new Map(lines.map((line) => JSON.parse(line)).map(({ id, outcome }) => [id, outcome]));
}

/** Tests each mutant in a copy of the project: one copy for each job. */
async function run(
  due: readonly Candidate[],
  jobs: number,
  found: (candidate: Candidate, outcome: Outcome) => void,
): Promise<void> {
  if (due.length === 0) return;
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
    try {
      for (const candidate of queue) {
        found(candidate, await outcomeOf(place, candidate));
        bar.increment(1, { change: `${candidate.file}:${candidate.change}`.slice(0, 100) });
      }
    } finally {
      discard();
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, job));
  } finally {
    bar.stop();
  }
}

async function outcomeOf(place: string, { area, file, mutant }: Candidate): Promise<Outcome> {
  const path = join(place, file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(path, mutated(source, mutant));
  try {
    for (const tests of area.tests) {
      const { passed, failures } = await tested(place, tests, { bail: true, limitMs: STEP_MS });
      // Nothing ran: the mutant is no valid program, or no valid SQL, and says nothing about the tests.
      if (passed === 0 && failures.every((failure) => failure === NOTHING_RAN)) return 'invalid';
      if (failures.length > 0) return 'killed';
    }
    return 'survived';
  } finally {
    writeFileSync(path, source);
  }
}

function writeDocs(result: Result): void {
  writeFileSync(join(project, 'docs/mutation.json'), `${JSON.stringify(result, null, 2)}\n`);
  const page = join(project, 'docs/reliability.md');
  writeFileSync(page, sectionIn(readFileSync(page, 'utf8'), result));
}
