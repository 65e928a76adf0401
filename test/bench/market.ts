import { randomFrom } from '../support/matching.ts';

/** A fill as a bot posts it. */
export interface MarketFill {
  readonly fill_id: string;
  readonly order_id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly fee_usd: string;
  readonly filled_at: string;
  readonly placed_at: string;
  readonly source: string;
}

const SYMBOLS = Array.from({ length: 60 }, (_, i) => `C${String(i).padStart(2, '0')}-USD`);
const BURST_MS = 5 * 60_000;
const LATE_PERCENT = 5;
const REPEATED_PERCENT = 1;
/** By how many fills a late one is delayed. */
const LATE_BY = 300;

/** Generates fills in their order of arrival, similar to those of a real bot: 60 symbols, bursts every five minutes, orders of one to three
 *  fills, positions bought and then sold, 5 % late, 1 % repeated.
 *  @param perDay fills per trading day, which determines the size of the bursts */
export function* market({ seed, from, perDay }: { seed: number; from: string; perDay: number }): Generator<MarketFill> {
  const random = randomFrom(seed);
  const perBurst = Math.max(1, Math.round((perDay * BURST_MS) / 86_400_000));
  const held = new Map<string, number>();
  const late: { readonly due: number; readonly fill: MarketFill }[] = [];
  let [sent, orders] = [0, 0];
  for (let burst = Date.parse(from); ; burst += BURST_MS) {
    let inBurst = 0;
    while (inBurst < perBurst) {
      orders += 1;
      const symbol = SYMBOLS[random(SYMBOLS.length)] ?? '';
      const fills = orderOf({ id: `${seed}-${orders}`, symbol, burst, held, random });
      inBurst += fills.length;
      for (const fill of fills) {
        sent += 1;
        if (random(100) < LATE_PERCENT) late.push({ due: sent + LATE_BY, fill });
        else yield fill;
        if (random(100) < REPEATED_PERCENT) yield fill;
      }
      while (late[0] && late[0].due <= sent) yield (late.shift() as (typeof late)[number]).fill;
    }
  }
}

function orderOf({
  id,
  symbol,
  burst,
  held,
  random,
}: {
  id: string;
  symbol: string;
  burst: number;
  held: Map<string, number>;
  random: (n: number) => number;
}): MarketFill[] {
  const position = held.get(symbol) ?? 0;
  const side = position > 0 && random(100) < 55 ? 'sell' : 'buy';
  const size = side === 'sell' && random(3) > 0 ? position : 1 + random(500);
  held.set(symbol, Math.max(0, position + (side === 'buy' ? size : -size)));
  const parts = Math.min(size, 1 + random(3));
  const placed = burst + random(20_000);
  const price = 100 + random(4000) / 100;
  return Array.from({ length: parts }, (_, part) => {
    const piece = part < parts - 1 ? Math.floor(size / parts) : size - Math.floor(size / parts) * (parts - 1);
    return {
      fill_id: `${id}-f${part}`,
      order_id: id,
      symbol,
      side,
      price: (price + random(20) / 100).toFixed(2),
      size: (piece / 1000).toFixed(3),
      fee_usd: ((piece * price * 6) / 10_000_000).toFixed(6),
      filled_at: new Date(placed + 200 + part * 150 + random(100)).toISOString(),
      placed_at: new Date(placed).toISOString(),
      source: 'bot',
    };
  });
}

/** Takes the next `count` items of a stream. */
export function next<Item>(stream: Iterator<Item>, count: number): Item[] {
  return Array.from({ length: count }, () => stream.next().value as Item);
}
