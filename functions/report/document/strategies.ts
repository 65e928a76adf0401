import type { Strategy } from '../../comparison/contract.ts';
import { figureNames, figures } from '../../comparison/figures.ts';
import { count, factor, percent, shortId, usd } from '../../formatting.ts';
import type { Block, Card, Figure } from './blocks.ts';
import { nameOf } from './format.ts';
import { targetSentence } from './targets.ts';

/** Most strategies shown as cards; the attached CSV has more. */
const MOST_CARDS = 3;

export function strategyBlocks(strategies: readonly Strategy[]): Block[] {
  if (strategies.length === 0) return [];
  return [
    { type: 'heading', level: 3, text: 'The last strategies' },
    {
      type: 'cards',
      caption: 'Newest first; each from its start to the end of the day',
      cards: strategies.slice(0, MOST_CARDS).map(cardOf),
    },
  ];
}

/** The card of a strategy, as shown by the report and the demo. */
export function cardOf(strategy: Strategy): Card {
  const open =
    strategy.open_positions === 0 ? '0' : `${count(strategy.open_positions)} (${usd(strategy.open_cost_usd)})`;
  return {
    title: `${nameOf(strategy)}${strategy.active_until === null ? ' (active)' : ''}`,
    figures: [
      { label: 'Days active', value: count(strategy.days_active) },
      { label: 'Trades', value: count(strategy.total_trades) },
      { label: 'Win rate', value: percent(strategy.avg_win_rate) },
      { label: 'P&L', value: usd(strategy.total_pnl) },
      { label: 'Profit factor', value: factor(strategy.avg_profit_factor) },
      { label: 'Expectancy', value: usd(strategy.avg_expectancy) },
      ...figuresOf(strategy),
      { label: 'Open', value: open },
    ],
    note: `Snapshot ${shortId(strategy.snapshot_id)}. Targets: ${targetSentence(strategy.targets)}`,
  };
}

const figuresOf = (strategy: Strategy): Figure[] =>
  figureNames
    .filter((name) => figures[name].onCard)
    .map((name) => ({ label: figures[name].label, value: figures[name].format(strategy[name]) }));
