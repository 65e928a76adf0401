import type { DemoTrade } from './trades.ts';

/** What a bot posts for a trade: the fills of a buy of about 50 USD and of its sell, and their links. */
export interface DemoRecords {
  readonly fills: readonly object[];
  readonly links: readonly object[];
}

/** 50 USD in ten-thousandths. */
const STAKE = 500_000;
const FEE = 750;

/** The size of every trade, chosen so that prices give the exact P&L; amounts are in ten-thousandths of a USD. */
const PIECES = 100;

export function recordsOf(
  { symbol, bought, holdSeconds, pnl, score, indicators }: DemoTrade,
  name: string,
  midnight: number,
): DemoRecords {
  const at = (seconds: number) => new Date(midnight + seconds * 1000).toISOString();
  const usd = (amount: number) => (amount / 10_000).toFixed(4);
  const price = (amount: number) => (amount / 10_000 / PIECES).toFixed(6);
  const buy = {
    order_id: `${name}-buy`,
    symbol,
    side: 'buy',
    price: price(STAKE),
    placed_at: at(bought),
    source: 'bot',
  };
  const won = pnl > 0;
  const fills = [
    { ...buy, fill_id: `${name}-buy-1`, size: '60', fee_usd: usd(FEE * 0.6), filled_at: at(bought) },
    { ...buy, fill_id: `${name}-buy-2`, size: '40', fee_usd: usd(FEE * 0.4), filled_at: at(bought) },
    {
      fill_id: `${name}-sell-1`,
      order_id: `${name}-sell`,
      symbol,
      side: 'sell',
      price: price(STAKE + 2 * FEE + pnl),
      size: String(PIECES),
      source: 'bot',
      fee_usd: usd(FEE),
      filled_at: at(bought + holdSeconds),
    },
  ];
  const links = [
    {
      order_id: `${name}-buy`,
      signal_time: at(bought),
      signal_data: {
        Score: { 'Buy Score': score, 'Sell Score': 1.2 },
        trigger: { trigger: 'SCORE' },
        indicator_breakdown: indicators,
      },
    },
    {
      order_id: `${name}-sell`,
      signal_time: at(bought + holdSeconds),
      trigger: won ? 'TAKE_PROFIT' : 'STOP_LOSS',
      exit_reason: won ? 'target reached' : 'loss limit reached',
    },
  ];
  return { fills, links };
}
