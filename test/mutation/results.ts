import { reasons } from './accepted.ts';
import type { Candidate } from './candidates.ts';

/** `invalid`: no valid program or SQL, so that no test could run. */
export type Outcome = 'killed' | 'survived' | 'invalid';

export interface Survivor {
  readonly area: string;
  readonly file: string;
  /** The line, before and after. */
  readonly change: string;
  /** Why no test fails; null while that is not known. */
  readonly reason: string | null;
}

/** What became of the mutants of an area that were tried. */
export interface AreaScore {
  readonly name: string;
  readonly date: string;
  readonly seed: number;
  /** All mutants from which the sample was taken. */
  readonly of: number;
  /** Valid ones. */
  readonly valid: number;
  readonly killed: number;
  /** Killed when they were tried for the first time, before tests were written for those that survived; null: not recorded. */
  readonly killed_at_first: number | null;
}

export interface Result {
  readonly areas: readonly AreaScore[];
  readonly survivors: readonly Survivor[];
}

/** What was found, by the id of the mutant. */
export interface Found {
  readonly first: ReadonlyMap<string, Outcome>;
  readonly latest: ReadonlyMap<string, Outcome>;
}

/** @param chosen in the order of the sample. Of each file those count that come before the first that was not tried, so that quick ones have no
 *  advantage.
 *  @param all from which they were chosen */
export function resultOf(
  chosen: readonly Candidate[],
  {
    found: { first, latest },
    all,
    seed,
  }: { readonly found: Found; readonly all: readonly Candidate[]; readonly seed: number },
): Result {
  const tried = [...Map.groupBy(chosen, ({ file }) => file).values()].flatMap((own) => {
    const open = own.findIndex(({ id }) => !latest.has(id));
    return own.slice(0, open < 0 ? own.length : open);
  });
  const having = (outcome: Outcome, among: readonly Candidate[]) =>
    among.filter(({ id }) => latest.get(id) === outcome);
  const inAreas = Map.groupBy(tried, ({ area }) => area.name);
  return {
    areas: [...inAreas].map(([name, own]) => {
      const killed = having('killed', own);
      return {
        ...{ name, date: new Date().toISOString().slice(0, 10), seed },
        of: all.filter(({ area }) => area.name === name).length,
        valid: killed.length + having('survived', own).length,
        killed: killed.length,
        killed_at_first: killed.filter(({ id }) => first.get(id) === 'killed').length,
      };
    }),
    survivors: having('survived', tried).map(({ area, file, change }) => ({
      ...{ area: area.name, file, change, reason: reasonOf(file, change) },
    })),
  };
}

/** An earlier result, in which the areas that were tried again are replaced. */
export function merged(before: Result, now: Result): Result {
  const isOld = (name: string) => !now.areas.some((area) => area.name === name);
  return {
    areas: [...before.areas.filter(({ name }) => isOld(name)), ...now.areas].toSorted((a, b) => b.valid - a.valid),
    survivors: [...before.survivors.filter(({ area }) => isOld(area)), ...now.survivors],
  };
}

/** Percent of the valid mutants that a test noticed, with one decimal, rounded down; `killed_at_first` of the areas that have it. */
export function scoreOf({ areas }: Pick<Result, 'areas'>, of: 'killed' | 'killed_at_first' = 'killed'): number {
  const known = areas.filter((area) => area[of] !== null);
  return Math.floor((1000 * sum(known, of)) / Math.max(1, sum(known, 'valid'))) / 10;
}

const sum = (areas: readonly AreaScore[], of: 'killed' | 'killed_at_first' | 'valid' | 'of'): number =>
  areas.reduce((total, area) => total + (area[of] ?? 0), 0);

const reasonOf = (file: string, change: string): string | null =>
  reasons.find((each) => each.file === file && change.includes(each.change))?.reason ?? null;

const HEADING = '## Mutants';
const NEXT = '## Not promised';

/** The score as a section of docs/reliability.md. */
export function sectionOf(result: Result): string {
  const { areas, survivors } = result;
  const rows = areas.map(
    ({ name, date, seed, of, valid, killed_at_first, killed }) =>
      `| ${name} | ${date}, ${seed} | ${of} | ${valid} | ${killed_at_first ?? '–'} | ${killed} |`,
  );
  const listed = survivors.map(
    ({ file, change, reason }) =>
      `- [${file}](../${file}), line ${change.replace(/^(\d+): (.*)$/s, '$1: `` $2 ``')}: ${reason ?? 'a test is missing'}.`,
  );
  return `${HEADING}

\`npm run mutate -- --write\` changes the code that decides, one place at a time: a comparison, a sign, a number, a condition, a statement. Of
${sum(areas, 'valid')} valid mutants, a sample of ${sum(areas, 'of').toLocaleString('en-US')}, **${scoreOf(result)} %** make a test fail. When they were first tried, ${scoreOf(result, 'killed_at_first')} % did, as far as
that was recorded; then tests were written for those that survived. So another seed scores lower.

| Code | Tried on, with seed | All mutants | Tried | Killed at first | Killed |
| --- | --- | --- | --- | --- | --- |
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
