import * as z from 'zod';
import { environment } from '../runtime/environment.ts';
import type { Targets } from './targets.ts';

/** What a user may want otherwise: his targets, and how small a difference does not matter, in USD per trade. */
export interface ComparisonSettings {
  readonly targets: Targets;
  readonly material: number;
}

const number = (value: number) => z.coerce.number().min(0).default(value);

/** The settings of a function that compares. */
export function comparisonSettings(): ComparisonSettings {
  const { TARGET_WIN_RATE, TARGET_PROFIT_FACTOR, TARGET_EXPECTANCY_USD, TARGET_FAST_EXIT_RATE, MATERIAL_USD } =
    environment(
      z.object({
        TARGET_WIN_RATE: number(25),
        TARGET_PROFIT_FACTOR: number(1.5),
        TARGET_EXPECTANCY_USD: number(0.1),
        TARGET_FAST_EXIT_RATE: number(5),
        MATERIAL_USD: number(0.05),
      }),
    );
  return {
    targets: {
      win_rate: TARGET_WIN_RATE,
      profit_factor: TARGET_PROFIT_FACTOR,
      expectancy_usd: TARGET_EXPECTANCY_USD,
      fast_exit_rate: TARGET_FAST_EXIT_RATE,
    },
    material: MATERIAL_USD,
  };
}
