import * as z from 'zod';
import { environment } from '../runtime/environment.ts';
import { environmentSettings } from '../settings.ts';
import type { Targets } from './targets.ts';

/** The settings of comparisons and reports that users may change. */
export interface ComparisonSettings {
  readonly targets: Targets;
  /** The smallest difference that matters, in USD per trade. */
  readonly material: number;
  /** The address of the page; null: reports link to nothing. */
  readonly dashboard_url: string | null;
}

const { TARGET_WIN_RATE, TARGET_PROFIT_FACTOR, TARGET_EXPECTANCY_USD, TARGET_FAST_EXIT_RATE } = environmentSettings;
const { MATERIAL_USD, DASHBOARD_URL } = environmentSettings;

/** Reads the comparison settings from the environment. */
export function comparisonSettings(): ComparisonSettings {
  const settings = environment(
    z.object({
      TARGET_WIN_RATE,
      TARGET_PROFIT_FACTOR,
      TARGET_EXPECTANCY_USD,
      TARGET_FAST_EXIT_RATE,
      MATERIAL_USD,
      DASHBOARD_URL,
    }),
  );
  return {
    targets: {
      win_rate: settings.TARGET_WIN_RATE,
      profit_factor: settings.TARGET_PROFIT_FACTOR,
      expectancy_usd: settings.TARGET_EXPECTANCY_USD,
      fast_exit_rate: settings.TARGET_FAST_EXIT_RATE,
    },
    material: settings.MATERIAL_USD,
    dashboard_url: settings.DASHBOARD_URL,
  };
}
