import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

const top = fileURLToPath(new URL('../..', import.meta.url));

/** What a function reads when it runs, from the top of the project: where it then lies from the top of the bundle. */
export type Beside = Readonly<Record<string, string>>;

/** How an entry is bundled: what loads at a start in `index.mjs` and the chunks that it imports, and in chunks of their own, which
 *  CDK's NodejsFunction cannot make, what waits behind an `import()`. A cold start reads none of those. */
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
    // What was CommonJS in a bundle still calls require, which ES modules do not have.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    alias: { '@aws-sdk/credential-provider-node': join(top, 'infra/constructs/lambda-credentials.ts') },
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  }) satisfies BuildOptions;

/** The code of a function that is made of one source file and what lies beside it. */
export const bundled = (entry: string, beside: Beside = {}): AssetCode =>
  Code.fromAsset(top, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      local: {
        tryBundle(outdir) {
          buildSync({ ...bundleOptions(entry), outdir });
          for (const [file, place] of Object.entries(beside))
            cpSync(join(top, file), join(outdir, place), { recursive: true });
          return true;
        },
      },
      // Neither is run: CDK wants the one, and tells bundles of the same folder apart by the other.
      image: DockerImage.fromRegistry('none'),
      command: [entry],
    },
  });
