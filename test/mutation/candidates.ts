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

/** Every mutant of the areas whose path contains `only`, in the order of the files. */
export function everyCandidate(project: string, only: string): Candidate[] {
  return areas.flatMap((area) =>
    globSync([...area.files], { cwd: project })
      .filter((file) => file.includes(only) && !LEFT_OUT.test(file))
      .toSorted()
      .flatMap((file) => {
        const source = readFileSync(`${project}/${file}`, 'utf8');
        const mutants = file.endsWith('.sql') ? mutantsOfSql(source) : mutantsOfTypeScript(source);
        return mutants.map((mutant) => ({
          id: createHash('sha256')
            .update(JSON.stringify([file, source, mutant]))
            .digest('hex')
            .slice(0, 16),
          ...{ area, file, mutant, change: described(source, mutant) },
        }));
      }),
  );
}
