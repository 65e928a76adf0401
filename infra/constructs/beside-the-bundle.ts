import type { ICommandHooks } from 'aws-cdk-lib/aws-lambda-nodejs';

/** Files and folders that a function reads relative to its own file go along with its bundle. */
export const besideTheBundle = (paths: readonly string[]): ICommandHooks => ({
  beforeBundling: () => [],
  beforeInstall: () => [],
  afterBundling: (input, output) => paths.map((path) => `cp -R "${input}/${path}" "${output}"`),
});
