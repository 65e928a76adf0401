import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The npm packages in a function's code, as its source maps name them. */
export interface Packages {
  readonly all: ReadonlySet<string>;
  /** Those that every cold start loads. */
  readonly atStart: ReadonlySet<string>;
}

/** Reads what is uploaded, not another build of it. @param bundle the file with the handler */
export function packagesOf(bundle: string): Packages {
  const folder = dirname(bundle);
  const started = new Set([basename(bundle)]);
  // What a file imports, unlike what it imports on demand: import("./…").
  for (const file of started)
    for (const [, imported = ''] of readFileSync(join(folder, file), 'utf8').matchAll(/(?:from|import)"\.\/([^"]+)"/g))
      started.add(imported);
  const packagesIn = (files: readonly string[]) => new Set(files.flatMap((file) => sourcesOf(join(folder, file))));
  const files = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
  return { all: packagesIn(files), atStart: packagesIn([...started]) };
}

const sourcesOf = (file: string): string[] =>
  (JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { sources: string[] }).sources.flatMap(
    (source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? [],
  );
