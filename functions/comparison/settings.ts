import * as z from 'zod';
import { environment } from '../runtime/environment.ts';
import { environmentSettings } from '../settings.ts';
import type { Targets } from './targets.ts';

/** What users may set: their targets, and how small a difference does not matter, in USD per trade. */
export interface ComparisonSettings {
  readonly targets: Targets;
  readonly material: number;
}

const { TARGET_WIN_RATE, TARGET_PROFIT_FACTOR, TARGET_EXPECTANCY_USD, TARGET_FAST_EXIT_RATE, MATERIAL_USD } =
  environmentSettings;

/** The settings of a function that compares. */
export function comparisonSettings(): ComparisonSettings {
  const settings = environment(
    z.object({ TARGET_WIN_RATE, TARGET_PROFIT_FACTOR, TARGET_EXPECTANCY_USD, TARGET_FAST_EXIT_RATE, MATERIAL_USD }),
  );
  return {
    targets: {
      win_rate: settings.TARGET_WIN_RATE,
      profit_factor: settings.TARGET_PROFIT_FACTOR,
      expectancy_usd: settings.TARGET_EXPECTANCY_USD,
      fast_exit_rate: settings.TARGET_FAST_EXIT_RATE,
    },
    material: settings.MATERIAL_USD,
  };
}
