import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, by project and in this order; the others follow, the largest first. A file that is started last keeps one
 *  core busy while the others are idle, and a new checkout has no durations of earlier runs. */
const longest = [
  'clients/python',
  'web/views',
  'cli/demo',
  'infra/templates',
  'infra/bundles',
  'local/service',
  'reliability/soak',
  'functions/trades/real-histories',
  'reliability/schedules-under-faults',
  'web/stories',
  'functions/report/channels/delivery',
  'reliability/crash',
  'cli/smoke/smoke',
  'rds-data-local/test/full-disk',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const place = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return place === -1 ? longest.length : place;
};

/** Runs the projects one after the other, since a worker serves one project, and in each the longest files first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project))];
    return projects.flatMap((project) =>
      sorted.filter((file) => file.project === project).sort((a, b) => rank(a) - rank(b)),
    );
  }
}
