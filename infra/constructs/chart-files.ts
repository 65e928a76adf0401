import { pngFiles } from '../../functions/report/charts/png-files.ts';
import type { Beside } from './bundle.ts';

/** What drawing a PNG reads when it runs, where a module of that name is looked for. */
export const chartFiles: Beside = Object.fromEntries(
  Object.values(pngFiles).map((file) => [`node_modules/${file}`, `node_modules/${file}`]),
);
