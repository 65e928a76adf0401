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
  readonly invalid: number;
  /** Percent of the valid mutants that a test noticed, with one decimal. */
  readonly score: number;
  readonly areas: readonly { readonly name: string; readonly killed: number; readonly valid: number }[];
  readonly survivors: readonly Survivor[];
}

export function resultOf(
  chosen: readonly Candidate[],
  { known, of, seed }: { readonly known: ReadonlyMap<string, Outcome>; readonly of: number; readonly seed: number },
): Result {
  const having = (outcome: Outcome, among = chosen) => among.filter(({ id }) => known.get(id) === outcome);
  const [killed, survived] = [having('killed'), having('survived')];
  return {
    date: new Date().toISOString().slice(0, 10),
    ...{ seed, of, killed: killed.length, invalid: having('invalid').length },
    score: Math.floor((1000 * killed.length) / Math.max(1, killed.length + survived.length)) / 10,
    areas: [...Map.groupBy(chosen, ({ area }) => area.name)].map(([name, own]) => ({
      name,
      killed: having('killed', own).length,
      valid: having('killed', own).length + having('survived', own).length,
    })),
    survivors: survived.map(({ file, change }) => ({ file, change, reason: reasonOf(file, change) })),
  };
}

const reasonOf = (file: string, change: string): string | null =>
  reasons.find((each) => each.file === file && change.includes(each.change))?.reason ?? null;

const HEADING = '## Mutants';
const NEXT = '## Not promised';

/** The score as a section of docs/reliability.md. */
export function sectionOf({ date, seed, of, killed, invalid, score, areas, survivors }: Result): string {
  const rows = areas.map(({ name, killed, valid }) => `| ${name} | ${valid} | ${killed} |`);
  const listed = survivors.map(
    ({ file, change, reason }) =>
      `- [${file}](../${file}), line ${change.replace(/^(\d+): (.*)$/s, '$1: `` $2 ``')}: ${reason ?? 'a test is missing'}.`,
  );
  return `${HEADING}

\`npm run mutate -- --write\` changed the code that decides, one place at a time, on ${date}: a comparison, a sign, a number, a condition, a
statement. Of a sample of ${killed + survivors.length} valid mutants of ${of.toLocaleString('en-US')} (seed ${seed}; ${invalid} more were no valid SQL), **${score} %** made a test fail.
What survived earlier runs of this seed has tests by now: another seed scores lower, until its survivors have tests too.

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
