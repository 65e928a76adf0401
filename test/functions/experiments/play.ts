import { orderOf } from '../../../functions/experiments/schedule/coin.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';
import type { Service } from '../../support/service.ts';
import type { armsOfX } from './pairs.ts';

/** The seed of the numbers that the method is checked against. */
export const SEED = '00112233445566778899aabbccddeeff';

export const configs = { baseline: { rsi: 2.5 }, candidate: { rsi: 1.5 } };

/** Plays twelve pairs of one-day blocks from 2026-01-01 on, assigned by SEED and followed by the bot: in each block as many trades as the
 *  arms of `of` say, with their P&L and winners. Each is held for a minute. */
export async function playPairs(service: Service, bot_id: string, of: typeof armsOfX): Promise<void> {
  for (let pair = 1; pair <= of.baseline.trades.length; pair++) {
    const arms = ['baseline', 'candidate'] as const;
    const order = orderOf(SEED, 'default', pair) === 'baseline_first' ? arms : arms.toReversed();
    for (const [i, arm] of order.entries()) {
      const date = dayAfter('2026-01-01', 2 * (pair - 1) + i);
      await service.call('POST /snapshots', {
        body: { bot_id, config: configs[arm], notes: arm, active_from: `${date}T00:00:00Z` },
      });
      const { trades, pnl, winning } = of[arm];
      const amounts = amountsOf(trades[pair - 1] ?? 0, pnl[pair - 1] ?? 0, winning[pair - 1] ?? 0);
      await service.call('POST /fills', { body: amounts.flatMap((amount, n) => tradeOf({ bot_id, date, n, amount })) });
    }
  }
  await service.call('POST /summaries', { body: { bot_id, from: '2026-01-01', to: '2026-01-31' } });
}

/** P&L of trades, of which the first `winning` win and the others lose, in hundredths of a cent that add up exactly. */
export function amountsOf(trades: number, pnl: number, winning: number): number[] {
  const total = Math.round(pnl * 10_000);
  const loss = winning === 0 ? total / trades : Math.min(-10_000, (total - 10_000 * winning) / (trades - winning || 1));
  const won = total - loss * (trades - winning);
  const each = Array.from({ length: trades }, (_, i) => (i < winning ? Math.floor(won / winning) : Math.floor(loss)));
  const rest = total - each.reduce((sum, amount) => sum + amount, 0);
  return each.map((amount, i) => (amount + (i === 0 ? rest : 0)) / 10_000);
}

function tradeOf({ bot_id, date, n, amount }: { bot_id: string; date: string; n: number; amount: number }) {
  const minute = String(n).padStart(2, '0');
  const fill = { bot_id, symbol: 'BTC-USD', size: '1', fee_usd: '0' };
  return [
    {
      ...fill,
      fill_id: `${date}-${n}-b`,
      order_id: `${date}-${n}-b`,
      side: 'buy',
      price: '100',
      filled_at: `${date}T10:${minute}:00Z`,
    },
    {
      ...fill,
      ...{ fill_id: `${date}-${n}-s`, order_id: `${date}-${n}-s`, side: 'sell' },
      ...{ price: (100 + amount).toFixed(4), filled_at: `${date}T10:${minute}:30Z` },
    },
  ];
}
