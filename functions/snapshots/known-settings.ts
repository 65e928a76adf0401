import * as z from 'zod';

const whole = z.int32();

/** The settings that have their own column, for queries by users. */
export const knownColumns = {
  score_buy_target: z.number(),
  score_sell_target: z.number(),
  indicator_weights: z.record(z.string(), z.unknown()),
  rsi_buy_threshold: z.number(),
  rsi_sell_threshold: z.number(),
  roc_buy_threshold: z.number(),
  roc_sell_threshold: z.number(),
  macd_signal_threshold: z.number(),
  tp_threshold: z.number(),
  sl_threshold: z.number(),
  cooldown_bars: whole,
  flip_hysteresis_pct: z.number(),
  min_indicators_required: whole,
  excluded_symbols: z.array(z.string()),
  max_spread_pct: z.number(),
} as const;

/** Extracts the known settings of a config, with a warning for each value of a wrong type, whose column stays null. */
export function knownSettings(config: Readonly<Record<string, unknown>>): {
  settings: Record<string, unknown>;
  warnings: string[];
} {
  const settings: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [name, schema] of Object.entries(knownColumns)) {
    const value = Object.hasOwn(config, name) ? config[name] : null;
    if (value === null) continue;
    const parsed = schema.safeParse(value);
    if (parsed.success) settings[name] = value;
    else
      warnings.push(
        `${name}: ${parsed.error.issues[0]?.message}; it is stored in the config, but its column stays null`,
      );
  }
  return { settings, warnings };
}
