import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build } from 'esbuild';

const web = fileURLToPath(new URL('../../web/', import.meta.url));

/** A file of the page, by its name in `/_page/`. */
export interface Asset {
  readonly type: string;
  readonly gzipped: Buffer;
}

const types: Readonly<Record<string, string>> = {
  'page.js': 'text/javascript; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
};

/** Bundles the page in memory: its HTML, its script and its style sheet. */
export async function bundlePage(): Promise<{ html: string; assets: ReadonlyMap<string, Asset> }> {
  const [html, { outputFiles }] = await Promise.all([
    readFile(`${web}index.html`, 'utf8'),
    build({
      absWorkingDir: web,
      entryPoints: { page: 'main.tsx' },
      outdir: '/',
      bundle: true,
      format: 'esm',
      platform: 'browser',
      // Where there is no Buffer.
      alias: { 'csv-stringify/sync': 'csv-stringify/browser/esm/sync' },
      target: 'es2023',
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
      minify: true,
      legalComments: 'none',
      write: false,
      logLevel: 'silent',
    }),
  ]);
  const assets = await Promise.all(
    outputFiles.map(async ({ path, contents }) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      return [
        name,
        { type: types[name] ?? 'application/octet-stream', gzipped: await promisify(gzip)(contents) },
      ] as const;
    }),
  );
  return { html, assets: new Map(assets) };
}
