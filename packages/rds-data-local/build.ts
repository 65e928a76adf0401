import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Makes the package that is published, in `dist` or the given folder: Node.js strips no types below node_modules, so it needs
// JavaScript there.
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const out = resolve(process.argv[2] ?? at('dist'));

rmSync(out, { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', at('tsconfig.json'), '--outDir', out], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
chmodSync(join(out, 'main.js'), 0o755);

const { scripts: _, devDependencies: __, ...manifest } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
const published = {
  ...manifest,
  exports: {
    '.': { types: './index.d.ts', default: './index.js' },
    './conformance': { types: './conformance/index.d.ts', default: './conformance/index.js' },
    './package.json': './package.json',
  },
  bin: { 'rds-data-local': 'main.js' },
  files: ['**/*.js', '**/*.d.ts'],
};
writeFileSync(join(out, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
for (const file of ['README.md', 'LICENSE']) copyFileSync(at(file), join(out, file));
