import { tmpdir } from 'node:os';
import { build, type Metafile } from 'esbuild';
import { bundleOptions } from '../../infra/constructs/bundle.ts';

/** A part of a function's code, an npm package or a folder of ours, in bytes of minified code. */
export interface Part {
  readonly name: string;
  /** Bytes loaded on every cold start. */
  readonly atStart: number;
  /** Bytes imported on demand. */
  readonly later: number;
}

/** The parts of a function's bundle, largest first. */
export async function partsOf(entry: string): Promise<Part[]> {
  const { metafile } = await build({ ...bundleOptions(entry), outdir: tmpdir(), write: false, metafile: true });
  const started = loadedAtStart(metafile);
  const parts = new Map<string, Part>();
  for (const [output, { inputs }] of Object.entries(metafile.outputs))
    for (const [file, { bytesInOutput: bytes }] of Object.entries(inputs)) {
      const { name, atStart, later } = parts.get(nameOf(file)) ?? { name: nameOf(file), atStart: 0, later: 0 };
      const loaded = started.has(output);
      parts.set(name, { name, atStart: atStart + (loaded ? bytes : 0), later: later + (loaded ? 0 : bytes) });
    }
  return [...parts.values()].sort((a, b) => b.atStart + b.later - (a.atStart + a.later));
}

/** The files that the entry of a bundle imports, directly and indirectly. */
function loadedAtStart({ outputs }: Metafile): ReadonlySet<string> {
  const loaded = new Set(
    Object.keys(outputs).filter((path) => outputs[path]?.entryPoint && path.endsWith('/index.mjs')),
  );
  for (const path of loaded)
    for (const { path: imported, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && imported in outputs) loaded.add(imported);
  return loaded;
}

/** @example nameOf('node_modules/@smithy/core/dist-es/index.js') // '@smithy/core' */
function nameOf(file: string): string {
  const [, dependency] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  return dependency ?? file.split('/').slice(0, 2).join('/');
}
