import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { type Area, areas, LEFT_OUT } from './areas.ts';
import { described, type Mutant } from './mutant.ts';
import { mutantsOfSql } from './sql.ts';
import { mutantsOfTypeScript } from './typescript.ts';

/** A mutant in its file. */
export interface Candidate {
  /** Changes with the file, so that a result is never that of other code. */
  readonly id: string;
  readonly area: Area;
  readonly file: string;
  readonly mutant: Mutant;
  /** The line, before and after. */
  readonly change: string;
}

/** A random sample. Other code may change without changing it: each mutant has its rank from its own line. */
export function sampleOf(
  all: readonly Candidate[],
  { seed, size }: { readonly seed: number; readonly size: number },
): Candidate[] {
  const seen = new Map<string, number>();
  const ranked = all.map((candidate) => {
    const line = `${candidate.file} ${candidate.change.replace(/^\d+/, '')}`;
    seen.set(line, (seen.get(line) ?? 0) + 1);
    return { candidate, rank: hashOf([seed, line, seen.get(line)]) };
  });
  const byRank = ranked.toSorted((a, b) => (a.rank < b.rank ? -1 : 1));
  return byRank.slice(0, size).map(({ candidate }) => candidate);
}

const hashOf = (of: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 16);

/** Every mutant of the files whose path contains a part of `only`, in the order of the files. */
export function everyCandidate(project: string, only: readonly string[] = ['']): Candidate[] {
  return areas.flatMap((area) =>
    globSync([...area.files], { cwd: project })
      .filter((file) => only.some((part) => file.includes(part)) && !LEFT_OUT.test(file))
      .toSorted()
      .flatMap((file) => {
        const source = readFileSync(`${project}/${file}`, 'utf8');
        const mutants = file.endsWith('.sql') ? mutantsOfSql(source) : mutantsOfTypeScript(source);
        return mutants.map((mutant) => ({
          id: hashOf([file, source, mutant]),
          ...{ area, file, mutant, change: described(source, mutant) },
        }));
      }),
  );
}
