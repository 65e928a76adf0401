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
        `${what}: ${plain(symbol, 24)}. It ${expectancy_usd < 0 ? 'loses' : 'earns'} ${usd(Math.abs(expectancy_usd))} per trade, likely range ${usd(lower_usd)} to ${usd(upper_usd)} (${counted(total_trades, 'trade')} on ${counted(days, 'day')}).`,
    );

function nothingYet(traded: number, measured: number): string {
  if (measured === 0)
    return `Nothing stands out yet: ${traded === 1 ? 'the only symbol has' : `${count(traded)} symbols have`} too few days or trades.`;
  const enough =
    traded === 1
      ? 'the only symbol has'
      : `${count(measured)} of ${count(traded)} symbols ${measured === 1 ? 'has' : 'have'}`;
  return `Nothing stands out yet: ${enough} enough trades, but what ${measured === 1 ? 'it' : 'each'} earns or loses per trade could be luck.`;
}
