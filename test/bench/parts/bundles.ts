import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { mailings, nightlyBots } from '../../../functions/queues.ts';
import { type Part, partsOf } from '../../infra/parts-of-bundle.ts';
import { type Synthesised, synthesised } from '../../infra/synthesised.ts';
import { type Measured, measured, median, type Row } from '../measure.ts';
import { memory } from './memory.ts';

const run = promisify(execFile);

/** Measures each function without a database: the size and parts of its code, its load time, and its memory at the largest request. */
export async function bundles({
  quick,
  progress,
}: {
  quick: boolean;
  progress: (what: string) => void;
}): Promise<{ rows: Row[]; parts: Record<string, Part[]> }> {
  progress('the bundles');
  const directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-bench-'));
  try {
    const functions = await synthesised(directory);
    const rows: Measured[] = [];
    const parts: Record<string, Part[]> = {};
    for (const [entry, { bundle }] of functions) {
      rows.push(...(await sizes(entry, bundle)));
      parts[entry] = await partsOf(entry);
    }
    progress('how long they take to load');
    rows.push(...(await starts(functions, { directory, times: quick ? 5 : 15 })));
    progress('their memory at the largest request');
    rows.push(...(await memory(functions, directory)));
    return { rows: rows.map((row) => ({ ...row, engine: null })), parts };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const isApi = (entry: string): boolean => entry.endsWith('/handler.ts') && !entry.includes('/report/');

async function sizes(entry: string, bundle: string): Promise<Measured[]> {
  const files = await readdir(dirname(bundle), { recursive: true, withFileTypes: true });
  const kilobytes = async (wanted: (name: string) => boolean) => {
    const found = files.filter((file) => file.isFile() && wanted(file.name));
    const sizes = await Promise.all(found.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
    return sizes.reduce((sum, size) => sum + size, 0) / 1000;
  };
  const code = await kilobytes((name) => name.endsWith('.mjs'));
  const otherFiles = await kilobytes((name) => !/\.(mjs|map)$/.test(name));
  return [
    measured(`bundle of ${entry}`, code, 'KB', isApi(entry) ? { target: { most: 420 } } : {}),
    ...(otherFiles > 1 ? [measured(`bundle of ${entry}, other files`, otherFiles, 'KB')] : []),
  ];
}

/** Measures import times in separate processes, with source maps as deployed, alternating with the bundled SDK client alone. */
async function starts(
  functions: ReadonlyMap<string, Synthesised>,
  { directory, times }: { directory: string; times: number },
): Promise<Measured[]> {
  const alone = await sdkAlone(directory);
  const bundles = new Map<string, Pick<Synthesised, 'bundle' | 'variables'>>([
    ['alone', { bundle: alone, variables: {} }],
    ...functions,
  ]);
  const loads = new Map([...bundles.keys()].map((name) => [name, [] as number[]]));
  for (let i = 0; i < times; i++) for (const [name, each] of bundles) loads.get(name)?.push(await loadTime(each));
  const value = median(loads.get('alone') ?? []);
  return [...functions.keys()].map((entry) =>
    measured(`loading ${entry}`, median(loads.get(entry) ?? []), 'ms', {
      against: { what: 'the SDK’s client alone', value },
      target: { most: 1.3 },
    }),
  );
}

async function sdkAlone(directory: string): Promise<string> {
  const [source, outfile] = [
    join(process.cwd(), 'test', 'bench', 'sdk-alone.ts'),
    join(directory, 'alone', 'index.mjs'),
  ];
  const banner =
    "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: banner },
  });
  return outfile;
}

async function loadTime({ bundle, variables }: Pick<Synthesised, 'bundle' | 'variables'>): Promise<number> {
  const script = `${bundle}.load.mjs`;
  await writeFile(
    script,
    `const began = performance.now(); await import(${JSON.stringify(bundle)}); console.log(performance.now() - began); process.exit();`,
  );
  // Read by the functions on load; nothing is called.
  const names = [
    'DATABASE_RESOURCE_ARN',
    'DATABASE_SECRET_ARN',
    'DATABASE_NAME',
    'APP_SECRET_ARN',
    'REPORT_SENDER',
    'REPORT_RECIPIENTS',
  ];
  const settings = Object.fromEntries(names.map((name) => [name, 'a@example.com']));
  const { stdout } = await run(process.execPath, [script], {
    env: {
      AWS_REGION: 'us-east-1',
      TRADING_TIME_ZONE: 'UTC',
      ...Object.fromEntries([mailings, nightlyBots].map(({ variable }) => [variable, 'http://127.0.0.1:9/queue'])),
      NODE_OPTIONS: String(variables.NODE_OPTIONS ?? ''),
      ...settings,
    },
  });
  return Number(stdout);
}
