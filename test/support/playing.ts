import { dayAfter } from '../../functions/summaries/days.ts';
import type { Service } from './service.ts';

export interface Played {
  readonly bot_id: string;
  readonly from: string;
  readonly days: number;
  /** P&L of each of a day's trades, in USD. */
  readonly pnl: (day: number) => readonly number[];
  readonly symbol?: (trade: number) => string;
  /** Whether the orders are linked to a signal. */
  readonly linked?: boolean;
}

/** Plays trades of a bot: each is bought and sold within a quarter of an hour, with a link for each order. */
export async function playTrades({ call }: Service, { bot_id, from, days, pnl, ...more }: Played): Promise<void> {
  const { symbol = () => 'BTC-USD', linked = true } = more;
  for (let day = 0; day < days; day += 1) {
    const date = dayAfter(from, day);
    const trades = pnl(day).map((usd, n) => {
      const at = (minutes: number) => new Date(Date.parse(date) + (n * 20 + minutes) * 60_000).toISOString();
      const id = `${date}-${n}`;
      const fill = { bot_id, symbol: symbol(n), size: '1', fee_usd: '0', position_id: id };
      return [
        { ...fill, fill_id: `${id}-b`, order_id: `${id}-b`, side: 'buy', price: '1000', filled_at: at(0) },
        {
          ...fill,
          fill_id: `${id}-s`,
          order_id: `${id}-s`,
          side: 'sell',
          price: (1000 + usd).toFixed(4),
          filled_at: at(15),
        },
      ];
    });
    const fills = trades.flat();
    if (fills.length === 0) continue;
    await call('POST /fills', { body: fills });
    if (!linked) continue;
    await call('POST /trade-links', {
      body: fills.map(({ order_id, side }) => ({ bot_id, order_id, trigger: side === 'buy' ? 'score' : 'target' })),
    });
  }
}

/** Saves settings of a bot. */
export async function saveSettings(
  { call }: Service,
  { bot_id, from, notes, config }: { bot_id: string; from: string; notes: string; config: object },
): Promise<void> {
  await call('POST /snapshots', { body: { bot_id, config, notes, active_from: `${from}T00:00:00Z` } });
}
