import { count, counted, usd } from '../../formatting.ts';
import type { SymbolEvidence, Symbols } from '../contract.ts';
import type { Block } from './blocks.ts';
import { plain } from './plain.ts';

/** Most symbols listed; the JSON has all. */
const MOST_LISTED = 10;

/** Which symbols to exclude or keep, only where the interval says so; nothing before the first trade. */
export function symbolBlocks({ traded, measured, losing, earning }: Symbols): Block[] {
  if (traded === 0) return [];
  return [
    { type: 'heading', level: 3, text: 'Symbols to act on' },
    {
      type: 'list',
      items: [
        ...named('Worth excluding', losing),
        ...named('Worth keeping', earning),
        ...(losing.length + earning.length === 0 ? [nothingYet(traded, measured)] : []),
      ],
    },
  ];
}

const named = (what: string, symbols: readonly SymbolEvidence[]): string[] =>
  symbols
    .slice(0, MOST_LISTED)
    .map(
      ({ symbol, days, total_trades, expectancy_usd, lower_usd, upper_usd }) =>
        `${what}: ${plain(symbol, 24)}. It ${expectancy_usd < 0 ? 'loses' : 'earns'} ${usd(Math.abs(expectancy_usd))} per trade, and the data fit ${usd(lower_usd)} to ${usd(upper_usd)} (${counted(total_trades, 'trade')} on ${counted(days, 'day')}).`,
    );

const nothingYet = (traded: number, measured: number): string =>
  measured === 0
    ? `Nothing stands out yet: none of ${counted(traded, 'symbol')} has enough days and trades.`
    : `Nothing stands out yet: of ${counted(traded, 'symbol')}, ${count(measured)} ${measured === 1 ? 'has' : 'have'} enough days and trades, and what ${measured === 1 ? 'it earns or loses' : 'each earns or loses'} per trade could be luck.`;
