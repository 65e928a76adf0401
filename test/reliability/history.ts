import { dayAfter } from '../../functions/summaries/days.ts';
import { randomFrom } from '../support/matching.ts';
import type { SlowFill } from '../support/slow-fifo.ts';

/** A generated history of a bot: what it posts, in chronological order, with all times given. */
export interface History {
  readonly snapshots: readonly object[];
  readonly links: readonly object[];
  readonly fills: readonly SlowFill[];
  /** Trading days of the history. */
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;
const symbols = ['BTC-USD', 'ETH-USDC', 'SOL/USDT'];

const instant = (at: number): string => new Date(at).toISOString().replace('Z', '000Z');

/** Generates a history, reproducible from a seed. Some sells are unmatched, some orders have several fills, some were placed by hand. */
export function historyOf(
  seed: number,
  { days, ordersADay, from = '2026-03-02' }: { days: number; ordersADay: number; from?: string },
): History {
  const random = randomFrom(seed);
  const snapshots: object[] = [];
  const links: object[] = [];
  const fills: SlowFill[] = [];
  for (let day = 0; day < days; day++) {
    const midnight = Date.parse(from) + day * DAY_MS;
    // The settings change every other day, some time after midnight.
    const active_from = instant(midnight + random(8) * 3_600_000);
    if (day % 2 === 0) snapshots.push({ config: { rsi: day, seed }, notes: `day ${day}`, active_from });
    const times = Array.from({ length: ordersADay }, () => random(DAY_MS - 60_000)).sort((a, b) => a - b);
    for (const [i, time] of times.entries()) {
      const order_id = `o-${day}-${i}`;
      const placed = midnight + time;
      if (random(10) < 6) links.push(linkOf(order_id, placed, random));
      fills.push(...fillsOf(order_id, placed, random));
    }
  }
  return { snapshots, links, fills, from, to: dayAfter(from, days - 1) };
}

type Random = ReturnType<typeof randomFrom>;

function linkOf(order_id: string, placed: number, random: Random): object {
  const by = random(3) === 0 ? { client_order_id: `c-${order_id}` } : { order_id };
  return { ...by, signal_time: instant(placed - 1000), buy_score: `${random(80) / 10}`, trigger_type: 'score' };
}

function fillsOf(order_id: string, placed: number, random: Random): SlowFill[] {
  const order = {
    order_id,
    client_order_id: `c-${order_id}`,
    symbol: symbols[random(symbols.length)] ?? '',
    side: random(100) < 55 ? ('buy' as const) : ('sell' as const),
    source: random(20) === 0 ? 'manual' : 'bot',
    placed_at: instant(placed),
  };
  return Array.from({ length: 1 + random(3) }, (_, i) => ({
    ...order,
    fill_id: `f-${order_id}-${i}`,
    price: `${90 + random(20)}.${random(100)}`,
    size: `${1 + random(9)}.${random(1000)}`,
    fee_usd: `0.${random(1000)}`,
    filled_at: instant(placed + 1 + random(50_000)),
  }));
}
