import { pngFiles } from '../../functions/report/charts/png-files.ts';
import type { BundledFiles } from './bundle.ts';

/** Files that drawing a PNG reads at runtime, in the bundle's `node_modules`. */
export const chartFiles: BundledFiles = Object.fromEntries(
  Object.values(pngFiles).map((file) => [`node_modules/${file}`, `node_modules/${file}`]),
);
