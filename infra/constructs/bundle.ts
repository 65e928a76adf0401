import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

const top = fileURLToPath(new URL('../..', import.meta.url));

/** Files that a function reads at runtime: their paths in the project, mapped to their paths in the bundle. */
export type BundledFiles = Readonly<Record<string, string>>;

/** The esbuild options for an entry. Code behind `import()` gets its own chunks, so that a cold start does not read it; CDK's
 *  NodejsFunction does not support that. */
export const bundleOptions = (entry: string) =>
  ({
    absWorkingDir: top,
    entryPoints: { index: entry },
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    // Bundled CommonJS code still calls require, which ES modules lack.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    alias: { '@aws-sdk/credential-provider-node': join(top, 'infra/constructs/lambda-credentials.ts') },
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  }) satisfies BuildOptions;

/** Bundles one entry with its files into the code of a function. */
export const bundled = (entry: string, files: BundledFiles = {}): AssetCode =>
  Code.fromAsset(top, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      local: {
        tryBundle(outdir) {
          buildSync({ ...bundleOptions(entry), outdir });
          for (const [file, place] of Object.entries(files))
            cpSync(join(top, file), join(outdir, place), { recursive: true });
          return true;
        },
      },
      // Never executed. CDK requires an image, and uses the command to distinguish bundles of the same folder.
      image: DockerImage.fromRegistry('none'),
      command: [entry],
    },
  });
