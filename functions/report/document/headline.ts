import type { Verdict } from '../../comparison/verdict/contract.ts';
import { count, counted, factor, percent, usd } from '../../formatting.ts';
import type { DailySection, Outside, Performance } from '../contract.ts';
import { performanceOf, type Section } from '../sections.ts';
import type { Block, Callout } from './blocks.ts';
import { experimentBlocks } from './experiments.ts';
import { firstSentence } from './format.ts';
import { plain, settingOf } from './plain.ts';

/** The top of a section: what to do, and the P&L. */
export function headlineBlocks(
  section: Section,
  { pnl, complete }: { readonly pnl: string; readonly complete: boolean },
): Block[] {
  const { bot_id, verdict, experiments, coverage, outside } = section;
  const performance = performanceOf(section);
  const onlyOutside = isOnlyOutside(section);
  return [
    { type: 'heading', level: 2, text: `Bot ${plain(bot_id, 64)}` },
    ...experimentBlocks(experiments),
    ...(experiments.length > 0 ? [{ type: 'heading', level: 3, text: 'Before and after' } as const] : []),
    verdictBlock(verdict),
    {
      type: 'figures',
      figures: [
        { label: complete ? pnl : `${pnl} so far`, value: usd(onlyOutside ? null : performance.total_pnl_usd) },
        { label: 'Trades', value: count(onlyOutside ? null : performance.total_trades) },
        { label: 'Win rate', value: percent(performance.win_rate) },
      ],
    },
    { type: 'text', text: sentenceOf(performance, coverage.orders) },
    ...outsideBlocks(outside),
    ...driftBlocks(coverage.drift),
  ];
}

/** Whether all trades are outside of any strategy. Its figures are then shown as absent: a zero would be wrong for a bot that traded. */
export const isOnlyOutside = (section: Section): boolean => {
  const { manual_trades, unattributed_trades } = section.outside;
  return performanceOf(section).total_trades === 0 && manual_trades + unattributed_trades > 0;
};

/** The verdict's recommendation. */
export const verdictBlock = (verdict: Verdict | null): Callout =>
  verdict
    ? { type: 'callout', tone: verdict.kind, ...firstSentence(verdict.summary) }
    : {
        type: 'callout',
        tone: 'not_enough_data',
        text: 'No snapshot of this bot’s settings yet.',
        more: 'Its trades cannot be attributed to a strategy.',
      };

function sentenceOf(performance: Performance, orders: number): string {
  if (performance.total_trades === 0)
    return orders === 0
      ? 'No orders were filled and no trades closed.'
      : `${counted(orders, 'order')} filled; no trade of a strategy closed.`;
  const { winning_trades, losing_trades, breakeven_trades, profit_factor, expectancy_usd } = performance;
  return `${count(winning_trades)} won, ${count(losing_trades)} lost, ${count(breakeven_trades)} broke even; profit factor ${factor(profit_factor)}, expectancy ${usd(expectancy_usd)} per trade.`;
}

function outsideBlocks({ manual_trades, manual_pnl_usd, unattributed_trades, unattributed_pnl_usd }: Outside): Block[] {
  const sentence = (trades: number, pnl: number, how: string): Block[] =>
    trades === 0
      ? []
      : [{ type: 'text', text: `${how} and in no strategy: ${counted(trades, 'trade')}, ${usd(pnl)}.` }];
  return [
    ...sentence(manual_trades, manual_pnl_usd, 'Made by hand'),
    ...sentence(unattributed_trades, unattributed_pnl_usd, 'Entered before the first snapshot'),
  ];
}

/** Most differing settings that are listed. */
const MOST_LISTED = 5;

/** A warning that the bot trades with settings other than its snapshot's, so that the figures above describe other settings. */
export const driftBlocks = (drift: Drift): Block[] =>
  driftSentences(drift).map((text) => ({ type: 'text', strong: true, text }));

type Drift = DailySection['coverage']['drift'];

/** The same as a sentence; none without a difference. */
export function driftSentences(drift: Drift): string[] {
  if (drift.length === 0) return [];
  const differences = drift.slice(0, MOST_LISTED).map(({ path, snapshot, bot, orders }) => {
    const what = path === '' ? 'the hash of its configuration' : plain(path, 60);
    return `${what} is ${settingOf(snapshot)} in the snapshot and ${settingOf(bot)} in the bot (${counted(orders, 'order')})`;
  });
  const rest = drift.length - MOST_LISTED;
  if (rest > 0) differences.push(counted(rest, 'more setting'));
  return [`The bot trades with settings other than its snapshot’s: ${differences.join('; ')}.`];
}
