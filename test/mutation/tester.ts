import {
  BaseSequencer,
  createVitest,
  type Reporter,
  type TestModule,
  type TestSpecification,
  type Vitest,
} from 'vitest/node';
import { PROGRESS, type Task, type Tested } from './task.ts';

/** Vitest in a copy of the project, which is the working directory of this process. It stays, so that a mutant takes a second or two: modules
 *  stay compiled, and PostgreSQL runs. */
let vitest: Vitest | undefined;

let mutatedFile = '';
/** How many mutants of a file a test file noticed. */
const noticed = new Map<string, number>();
const pairOf = (test: string): string => `${mutatedFile} ${test}`;

/** The tests that noticed most mutants of the file come first, then the quickest. A worker serves one project. */
class LikelyFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const times = (test: TestSpecification) => noticed.get(pairOf(test.moduleId)) ?? 0;
    const duration = (test: TestSpecification) => this.ctx.cache.getTestSpecificationResult(test)?.duration ?? 0;
    const sorted = files.toSorted((a, b) => times(b) - times(a) || duration(a) - duration(b));
    return [...Map.groupBy(sorted, ({ project }) => project).values()].flat();
  }
}

/** The test files of a step that have ended. Vitest itself also lists those of earlier steps, with what they were then. */
let ended: TestModule[] = [];

const reporter: Reporter = {
  onTestCaseReady: () => void process.send?.(PROGRESS),
  onTestModuleEnd: (module) => void ended.push(module),
};

const started = () =>
  createVitest('test', {
    // A mutant may make a loop endless.
    ...{ watch: false, bail: 1, maxWorkers: 1, reporters: [reporter], testTimeout: 90_000 },
    sequence: { sequencer: LikelyFirst },
    project: ['PostgreSQL 17', 'no database', 'infra, local and cli'],
  });

async function closed(): Promise<void> {
  await vitest?.close();
  vitest = undefined;
}

async function tested({ file, steps }: Task): Promise<Tested> {
  mutatedFile = file;
  // The database that tests copy is made once by each Vitest.
  const isSql = file.endsWith('.sql');
  if (isSql) await closed();
  vitest ??= await started();
  const path = `${process.cwd()}/${file}`;
  vitest.invalidateFile(path);
  try {
    for (const tests of steps) {
      const specifications = await vitest.globTestSpecifications(tests.split(' '));
      ended = [];
      const { unhandledErrors } = await vitest.runTestSpecifications(specifications);
      const failed = ended.find((module) => !module.ok());
      if (failed) noticed.set(pairOf(failed.moduleId), (noticed.get(pairOf(failed.moduleId)) ?? 0) + 1);
      if (failed || unhandledErrors.length > 0) return { outcome: 'killed', failed: failed?.relativeModuleId ?? null };
      if (ended.length === 0 || ended.length < specifications.length) throw new Error(`not all of ${tests} ran`);
    }
    return { outcome: 'survived', failed: null };
  } catch (error) {
    // No database could be made with it.
    if (isSql) return { outcome: 'invalid', failed: null };
    throw error;
  } finally {
    vitest.invalidateFile(path);
    if (isSql) await closed();
  }
}

process.on('message', async (task: Task) => process.send?.(await tested(task)));
process.on('disconnect', () => (vitest ? vitest.exit(true) : process.exit()));
