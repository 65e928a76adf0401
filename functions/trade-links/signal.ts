import type { LinkTrade } from './contract.ts';

/** A link with the bot's own `signal_data` split into the stored fields. */
export function normalized(link: LinkTrade) {
  const { signal_data, trigger, ...fields } = link;
  const breakdown = fields.indicator_breakdown ?? signal_data?.indicator_breakdown ?? null;
  return {
    ...fields,
    buy_score: fields.buy_score ?? signal_data?.Score?.['Buy Score'] ?? null,
    sell_score: fields.sell_score ?? signal_data?.Score?.['Sell Score'] ?? null,
    trigger_type: fields.trigger_type ?? trigger ?? signal_data?.trigger ?? null,
    exit_reason: fields.exit_reason ?? signal_data?.exit_reason ?? null,
    indicator_breakdown: breakdown,
    by_client_order_id: fields.order_id == null,
    snapshot_given: fields.snapshot_id != null,
    /** Stored only when nothing else was given; a default never causes a conflict. */
    default_indicators_fired: breakdown && positiveContributions(breakdown),
  };
}

/** Counts the indicators with a positive value or `contribution`, including those inside groups. */
function positiveContributions(breakdown: Readonly<Record<string, unknown>>): number {
  return Object.values(breakdown).reduce<number>((count, value) => {
    const own = isGroup(value) && 'contribution' in value ? value.contribution : value;
    if (isGroup(own)) return count + positiveContributions(own);
    return Number(own) > 0 && typeof own !== 'boolean' ? count + 1 : count;
  }, 0);
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
