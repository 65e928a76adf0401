import { count, counted, percent, usd } from '../../formatting.ts';
import { shortDay } from '../../summaries/days.ts';
import type { Coverage } from '../../trades/contract.ts';
import type { DailySection } from '../contract.ts';
import { performanceOf, type Section } from '../sections.ts';
import { type Block, left, right } from './blocks.ts';
import { minuteIn, nameOf } from './format.ts';
import { plain } from './plain.ts';

/** So many sources, strategies and days are told one by one; whoever has more asks for the JSON. */
const MOST_TOLD = 10;

/** Can this be trusted? How the orders are attributed, what is open or unmatched, and what has changed since. */
export function trustBlocks(section: Section, timeZone: string): Block[] {
  const { coverage } = section;
  return [
    { type: 'heading', level: 3, text: 'Can this be trusted?' },
    ...sourcesTable(coverage),
    {
      type: 'list',
      items: [...factsOf(section, timeZone), ...('open_positions' in section ? onlyDaily(section) : [])],
    },
  ];
}

/** Where orders came from; none without orders. */
export function sourcesTable({ orders, sources }: Coverage): Block[] {
  if (orders === 0) return [];
  const several =
    sources.length > MOST_TOLD ? `; the largest ${count(MOST_TOLD)} of ${count(sources.length)} sources` : '';
  return [
    {
      type: 'table',
      caption: `Where ${counted(orders, 'filled order')} came from, and how many the bot linked${several}`,
      columns: [left('Source'), right('Orders'), right('Linked'), right('By time'), right('None'), right('By hand')],
      rows: sources
        .slice(0, MOST_TOLD)
        .map((each) => [
          each.source === null ? 'not said' : plain(each.source, 24),
          ...[each.orders, each.linked, each.by_time, each.none, each.manual].map(count),
        ]),
    },
  ];
}

/** How many of the bot's own orders are linked, in a sentence. */
export function linkRateSentence({ link_rate, links_without_fills }: Coverage): string {
  const rate =
    link_rate === null
      ? 'Link rate: none, as no order that the bot placed was filled.'
      : `Link rate: ${percent(link_rate)} of the orders that the bot placed.`;
  return `${rate} Links without a fill: ${count(links_without_fills)}.`;
}

/** What is not known of fees, in a sentence. */
export const feeSentence = ({ fills_without_fee }: Coverage): string =>
  `Fills without a fee: ${count(fills_without_fee)}; until it is known it counts as $0.`;

function factsOf(section: Section, timeZone: string): string[] {
  const { coverage, outside, waiting_days, computed_at } = section;
  const unmatched = performanceOf(section).unmatched_sells + outside.unmatched_sells;
  return [
    linkRateSentence(coverage),
    `Sells without a matching buy: ${count(unmatched)}; they are in no rate and no P&L.`,
    feeSentence(coverage),
    waiting_days === 0
      ? 'No day is missing, and none waits to be computed again.'
      : `${counted(waiting_days, 'day')} missing or waiting to be computed again: figures may still change.`,
    computed_at === null ? 'Nothing was to be computed.' : `Computed ${minuteIn(timeZone, computed_at)}.`,
  ];
}

function onlyDaily({ open_positions, late_changes }: DailySection): string[] {
  const open = open_positions
    .slice(0, MOST_TOLD)
    .map(
      ({ snapshot_id, notes, open_trades, open_cost_usd }) =>
        `${snapshot_id === null ? 'no strategy' : nameOf({ snapshot_id, notes })}: ${counted(open_trades, 'trade')}, ${usd(open_cost_usd)}`,
    );
  const rest = open_positions.length - MOST_TOLD;
  if (rest > 0) open.push(`and under ${count(rest)} more strateg${rest === 1 ? 'y' : 'ies'}`);
  return [
    open.length === 0 ? 'Nothing is open now.' : `Open now, at cost: ${open.join('; ')}.`,
    ...changesOf(late_changes),
  ];
}

function changesOf(days: DailySection['late_changes']): string[] {
  if (days.length === 0) return ['No mailed day has changed since the last daily mail.'];
  const told = days
    .slice(0, MOST_TOLD)
    .map(
      ({ date, mailed_trades, mailed_pnl_usd, total_trades, total_pnl_usd }) =>
        `${shortDay(date)} has changed since it was mailed: from ${counted(mailed_trades, 'trade')}, ${usd(mailed_pnl_usd)} to ${counted(total_trades, 'trade')}, ${usd(total_pnl_usd)}.`,
    );
  return days.length > MOST_TOLD ? [...told, 'Earlier days have changed too: the report as JSON has more.'] : told;
}
