import { dirname } from 'node:path';
import type { ICommandHooks } from 'aws-cdk-lib/aws-lambda-nodejs';
import { pngFiles } from '../../functions/report/pictures/png-files.ts';

/** What drawing a PNG reads when it runs goes along with the bundle, to where a module of that name is looked for. */
export const pictureFiles: ICommandHooks = {
  beforeBundling: () => [],
  beforeInstall: () => [],
  afterBundling: (input, output) =>
    Object.values(pngFiles).flatMap((file) => [
      `mkdir -p "${output}/node_modules/${dirname(file)}"`,
      `cp "${input}/node_modules/${file}" "${output}/node_modules/${file}"`,
    ]),
};
