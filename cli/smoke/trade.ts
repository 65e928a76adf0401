import type { SavedSnapshot } from '../../functions/snapshots/contract.ts';

/** A trade entered under one snapshot and closed under the next, and the trade that the service should compute. */
export interface SmokeTrade {
  readonly bot_id: string;
  /** The trading day on which it closed. */
  readonly day: string;
  readonly entry: SavedSnapshot;
  readonly fills: readonly object[];
  readonly link: { readonly bot_id: string; readonly order_id: string; readonly [member: string]: string };
  /** How GET /trades should return it. */
  readonly closed: object;
}

/** Its times are the snapshots' own, so that this machine's clock does not matter. */
export function tradeBetween(entry: SavedSnapshot, exit: SavedSnapshot, timeZone: string): SmokeTrade {
  const { bot_id } = entry;
  const [bought, sold] = [entry.active_from, exit.active_from];
  const ofBoth = { bot_id, symbol: 'BTC-USD', size: '1', fee_usd: '0.25' };
  const fills = [
    { ...ofBoth, fill_id: 'buy-1', order_id: 'buy', side: 'buy', price: '100', filled_at: bought },
    { ...ofBoth, fill_id: 'sell-1', order_id: 'sell', side: 'sell', price: '107.5', filled_at: sold },
  ];
  return {
    bot_id,
    day: dayOf(sold, timeZone),
    entry,
    fills,
    link: { bot_id, order_id: 'buy', signal_time: bought, buy_score: '6.5' },
    closed: {
      order_id: 'sell',
      closed_at: sold,
      // 107.5 - 0.25 - (100 + 0.25)
      pnl_usd: 7,
      entry_snapshot_id: entry.snapshot_id,
      exit_snapshot_id: exit.snapshot_id,
      attribution: 'link',
    },
  };
}

/** @example dayOf('2026-11-22T23:30:00Z', 'Europe/Berlin') // '2026-11-23' */
function dayOf(instant: string, timeZone: string): string {
  // Canada writes dates as ISO does.
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(instant));
}
