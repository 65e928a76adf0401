import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { measured, type Row } from '../measure.ts';

const run = promisify(execFile);

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly Description?: string };
  readonly Metadata?: { readonly 'aws:asset:path'?: string };
}

/** KB of code, without source maps, that a deployment uploads for each function. */
export async function bundles(said: (what: string) => void): Promise<Row[]> {
  said('the bundles');
  const directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-bench-'));
  try {
    await run('cdk', ['synth', '--quiet', '-c', 'report_sender=reports@example.com', '-o', directory]);
    const template = JSON.parse(await readFile(join(directory, 'Service.template.json'), 'utf8'));
    const functions = (Object.values(template.Resources) as Resource[]).filter(
      ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties.Description,
    );
    const rows: Row[] = [];
    for (const { Properties, Metadata } of functions) {
      const folder = join(directory, Metadata?.['aws:asset:path'] ?? '');
      const entry = Properties.Description ?? '';
      const isApi = entry.endsWith('/handler.ts') && !entry.includes('/report/');
      const code = measured(`bundle of ${entry}`, (await stat(join(folder, 'index.mjs'))).size / 1000, 'KB', {
        ...(isApi ? { target: { most: 420 } } : {}),
      });
      const files = measured(`bundle of ${entry}, files beside it`, (await sizeOf(folder)) / 1000 - code.value, 'KB');
      rows.push({ ...code, engine: null }, ...(files.value > 1 ? [{ ...files, engine: null }] : []));
    }
    return rows;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    files
      .filter((file) => file.isFile() && !file.name.endsWith('.map'))
      .map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
