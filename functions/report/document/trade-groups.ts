import { count, counted, duration, percent, usd } from '../../formatting.ts';
import { ratioOf } from '../../ratios.ts';
import { thresholds } from '../../thresholds.ts';
import type { Performance } from '../contract.ts';
import type { Group } from '../groups/contract.ts';
import { bestAndWorst } from '../groups/groups.ts';
import { performanceOf, type Section } from '../sections.ts';
import { type Block, left, right } from './blocks.ts';
import { plain } from './plain.ts';

/** Where money was made and lost: by trigger, symbol and hour; hold times of winners and losers; fast exits. */
export function moneyBlocks(section: Section): Block[] {
  const performance = performanceOf(section);
  const excluded = excludedBlocks(section);
  if (performance.total_trades === 0 && excluded.length === 0) return [];
  return [
    { type: 'heading', level: 3, text: 'Where the money was made and lost' },
    ...(performance.total_trades === 0
      ? []
      : [
          groupTable(
            `By exit trigger, ${counted(performance.total_trades, 'trade')}`,
            heaviest(section.by_trigger),
            'Trigger',
          ),
          groupTable(
            `By symbol, ${counted(groupCount(section.by_symbol), 'symbol')}`,
            heaviest(section.by_symbol),
            'Symbol',
          ),
          { type: 'text', text: bestAndWorstSentence(section.by_symbol) } as const,
          groupTable(
            'By hour of closing',
            section.by_hour.toSorted((a, b) => Number(a.name) - Number(b.name)).map(renamed((hour) => `${hour}:00`)),
            'Hour',
          ),
          holdTable(section.by_outcome),
          { type: 'text', text: fastExits(performance) } as const,
        ]),
    ...excluded,
  ];
}

const renamed =
  (name: (name: string) => string) =>
  (group: Group): Group => ({ ...group, name: group.name === null ? null : name(group.name) });

/** Groups as a table, in the order given. */
export function groupTable(caption: string, groups: readonly Group[], label: string): Block {
  return {
    type: 'table',
    caption,
    columns: [left(label), right('Trades'), right('Win rate'), right('P&L'), right('P&L per trade')],
    rows: groups.map(({ name, groups: n, total_trades, win_rate, total_pnl_usd, expectancy_usd }) => [
      name === null ? (n > 1 ? `${count(n)} others` : 'not given') : plain(name, 24),
      count(total_trades),
      percent(win_rate),
      usd(total_pnl_usd),
      usd(expectancy_usd),
    ]),
  };
}

const groupCount = (groups: readonly Group[]): number => groups.reduce((sum, group) => sum + group.groups, 0);

/** Most groups shown one by one. */
const MOST_LISTED = 10;

/** The groups with the largest profit or loss, best first. The others are pooled into one row, or left out when groups overlap. */
export function heaviest(groups: readonly Group[], members: 'disjoint' | 'overlapping' = 'disjoint'): Group[] {
  const byWeight = groups
    .filter((group) => group.groups === 1)
    .toSorted((a, b) => Math.abs(b.total_pnl_usd) - Math.abs(a.total_pnl_usd));
  const listed = byWeight.slice(0, MOST_LISTED).toSorted((a, b) => b.total_pnl_usd - a.total_pnl_usd);
  const rest = [...byWeight.slice(MOST_LISTED), ...groups.filter((group) => group.groups > 1)];
  return rest.length > 0 && members === 'disjoint' ? [...listed, pooled(rest)] : listed;
}

function pooled(groups: readonly Group[]): Group {
  const sum = (of: (group: Group) => number) => groups.reduce((total, group) => total + of(group), 0);
  const [trades, winning, pnl] = [
    sum((g) => g.total_trades),
    sum((g) => g.winning_trades),
    sum((g) => g.total_pnl_usd),
  ];
  return {
    name: null,
    groups: groupCount(groups),
    total_trades: trades,
    winning_trades: winning,
    win_rate: ratioOf('win_rate', winning, trades) ?? 0,
    total_pnl_usd: pnl,
    expectancy_usd: ratioOf('expectancy_usd', pnl, trades) ?? 0,
    avg_hold_time_seconds: sum((g) => g.avg_hold_time_seconds * g.total_trades) / trades,
    median_hold_time_seconds: null,
  };
}

function bestAndWorstSentence(symbols: readonly Group[]): string {
  const { best, worst } = bestAndWorst(symbols);
  const result = ({ name, total_pnl_usd, total_trades }: Group) =>
    `${plain(name ?? '', 24)} with ${usd(total_pnl_usd)} in ${counted(total_trades, 'trade')}`;
  const sentences = [...(best ? [`Best: ${result(best)}.`] : []), ...(worst ? [`Worst: ${result(worst)}.`] : [])];
  if (sentences.length > 0) return sentences.join(' ');
  const { min_trades } = thresholds.symbols;
  return symbols.some(({ name, total_trades }) => name !== null && total_trades >= min_trades)
    ? `No symbol with at least ${min_trades} trades made or lost anything.`
    : `No symbol has ${min_trades} trades, so none is called best or worst.`;
}

function holdTable(outcomes: readonly Group[]): Block {
  return {
    type: 'table',
    caption: 'How long trades were held',
    columns: [left('Outcome'), right('Trades'), right('Mean'), right('Median')],
    rows: ['winning', 'losing', 'breakeven'].flatMap((outcome) =>
      outcomes
        .filter(({ name }) => name === outcome)
        .map((group) => [
          outcome,
          count(group.total_trades),
          duration(group.avg_hold_time_seconds),
          duration(group.median_hold_time_seconds),
        ]),
    ),
  };
}

const fastExits = ({ fast_exits_count, fast_exits_pnl, fast_exit_rate }: Performance): string =>
  `Fast exits, under ${thresholds.fast_exit_seconds} seconds: ${counted(fast_exits_count, 'trade')} (${percent(fast_exit_rate)}), ${usd(fast_exits_pnl)}.`;

function excludedBlocks({ excluded_but_bought: bought }: Section): Block[] {
  if (bought.length === 0) return [];
  const symbols = bought.map(({ symbol, orders }) => `${plain(symbol, 24)} (${counted(orders, 'order')})`).join(', ');
  return [
    {
      type: 'text',
      strong: true,
      text: `Bought although the active configuration excluded them: ${symbols}.`,
    },
  ];
}
