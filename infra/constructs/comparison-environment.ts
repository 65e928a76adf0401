import type { Settings } from '../settings.ts';

/** Environment variables with the settings of comparisons. */
export function comparisonEnvironment(settings: Settings): Record<string, string> {
  return {
    TARGET_WIN_RATE: String(settings.target_win_rate),
    TARGET_PROFIT_FACTOR: String(settings.target_profit_factor),
    TARGET_EXPECTANCY_USD: String(settings.target_expectancy_usd),
    TARGET_FAST_EXIT_RATE: String(settings.target_fast_exit_rate),
    MATERIAL_USD: String(settings.material_usd),
    ...(settings.dashboard_url !== null && { DASHBOARD_URL: settings.dashboard_url }),
  };
}
