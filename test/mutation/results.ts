import { reasons } from './accepted.ts';
import type { Candidate } from './candidates.ts';

/** `invalid`: no valid program or SQL, so that no test could run. */
export type Outcome = 'killed' | 'survived' | 'invalid';

export interface Survivor {
  readonly file: string;
  /** The line, before and after. */
  readonly change: string;
  /** Why no test fails; null while that is not known. */
  readonly reason: string | null;
}

export interface Result {
  readonly date: string;
  readonly seed: number;
  /** All mutants from which the sample was taken. */
  readonly of: number;
  readonly killed: number;
  /** Killed when they were tried for the first time, before tests were written for those that survived. */
  readonly killed_at_first: number;
  readonly invalid: number;
  /** Percent of the valid mutants that a test noticed, with one decimal. */
  readonly score: number;
  readonly areas: readonly { readonly name: string; readonly killed: number; readonly valid: number }[];
  readonly survivors: readonly Survivor[];
}

/** What was found, by the id of the mutant. */
export interface Found {
  readonly first: ReadonlyMap<string, Outcome>;
  readonly latest: ReadonlyMap<string, Outcome>;
}

/** @param chosen in the order of the sample. Of each file those count that come before the first that was not tried, so that quick ones have no
 *  advantage. */
export function resultOf(
  chosen: readonly Candidate[],
  { found: { first, latest }, of, seed }: { readonly found: Found; readonly of: number; readonly seed: number },
): Result {
  const tried = [...Map.groupBy(chosen, ({ file }) => file).values()].flatMap((own) => {
    const open = own.findIndex(({ id }) => !latest.has(id));
    return own.slice(0, open < 0 ? own.length : open);
  });
  const having = (outcome: Outcome, among = tried) => among.filter(({ id }) => latest.get(id) === outcome);
  const [killed, survived] = [having('killed'), having('survived')];
  return {
    date: new Date().toISOString().slice(0, 10),
    ...{ seed, of, killed: killed.length, invalid: having('invalid').length },
    killed_at_first: killed.filter(({ id }) => first.get(id) === 'killed').length,
    score: percentOf(killed.length, killed.length + survived.length),
    areas: [...new Set(chosen.map(({ area }) => area.name))].map((name) => {
      const own = tried.filter(({ area }) => area.name === name);
      const inArea = having('killed', own).length;
      return { name, killed: inArea, valid: inArea + having('survived', own).length };
    }),
    survivors: survived.map(({ file, change }) => ({ file, change, reason: reasonOf(file, change) })),
  };
}

const percentOf = (part: number, whole: number): number => Math.floor((1000 * part) / Math.max(1, whole)) / 10;

const reasonOf = (file: string, change: string): string | null =>
  reasons.find((each) => each.file === file && change.includes(each.change))?.reason ?? null;

const HEADING = '## Mutants';
const NEXT = '## Not promised';

/** The score as a section of docs/reliability.md. */
export function sectionOf(result: Result): string {
  const { date, seed, of, killed, killed_at_first, invalid, score, areas, survivors } = result;
  const valid = killed + survivors.length;
  const rows = areas.map(({ name, killed, valid }) => `| ${name} | ${valid} | ${killed} |`);
  const listed = survivors.map(
    ({ file, change, reason }) =>
      `- [${file}](../${file}), line ${change.replace(/^(\d+): (.*)$/s, '$1: `` $2 ``')}: ${reason ?? 'a test is missing'}.`,
  );
  return `${HEADING}

\`npm run mutate -- --write\` changed the code that decides, one place at a time, on ${date}: a comparison, a sign, a number, a condition, a
statement. Of a sample of ${valid} valid mutants of ${of.toLocaleString('en-US')} (seed ${seed}; ${invalid} more were no valid SQL), **${score} %** make a test fail.
When they were first tried, ${percentOf(killed_at_first, valid)} % did; then tests were written for those that survived. So another seed scores lower.

| Code | Mutants | Killed |
| --- | --- | --- |
${rows.join('\n')}

${survivors.length === 0 ? 'None survived.' : `The ${survivors.length} that survived:\n\n${listed.join('\n')}`}

`;
}

/** The page with the section at its place. */
export function sectionIn(page: string, result: Result): string {
  const until = page.indexOf(NEXT);
  const from = page.includes(HEADING) ? page.indexOf(HEADING) : until;
  return page.slice(0, from) + sectionOf(result) + page.slice(until);
}
