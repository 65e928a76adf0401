import { count, counted, percent, usd } from '../../formatting.ts';
import { shortDay } from '../../summaries/days.ts';
import type { Coverage } from '../../trades/data-quality/contract.ts';
import type { DailySection, Report } from '../contract.ts';
import { performanceOf, type Section } from '../sections.ts';
import { type Block, left, right } from './blocks.ts';
import { deliverySentences } from './failed-deliveries.ts';
import { minuteIn, nameOf } from './format.ts';
import { plain } from './plain.ts';

/** Most sources, strategies and days that are listed; the JSON has all of them. */
const MOST_LISTED = 10;

/** The data quality: how orders are attributed, what is open or unmatched, and what has changed since it was mailed. */
export function trustBlocks(section: Section, report: Report): Block[] {
  const { coverage } = section;
  return [
    { type: 'heading', level: 3, text: 'Can this be trusted?' },
    ...sourcesTable(coverage),
    {
      type: 'list',
      items: [
        ...factsOf(section, report.time_zone),
        ...('open_positions' in section ? onlyDaily(section) : []),
        ...deliverySentences(report),
      ],
    },
  ];
}

/** Orders by source and attribution; empty without orders. */
export function sourcesTable({ orders, sources }: Coverage): Block[] {
  if (orders === 0) return [];
  const several =
    sources.length > MOST_LISTED ? `; the largest ${count(MOST_LISTED)} of ${count(sources.length)} sources` : '';
  return [
    {
      type: 'table',
      caption: `Where ${counted(orders, 'filled order')} came from, and how many the bot linked${several}`,
      columns: [left('Source'), right('Orders'), right('Linked'), right('By time'), right('None'), right('By hand')],
      rows: sources
        .slice(0, MOST_LISTED)
        .map((each) => [
          each.source === null ? 'not given' : plain(each.source, 24),
          ...[each.orders, each.linked, each.by_time, each.none, each.manual].map(count),
        ]),
    },
  ];
}

/** Sentences on how many of the bot's own orders are linked. */
export function linkRateSentence({ link_rate, links_without_fills }: Coverage): string {
  const rate =
    link_rate === null
      ? 'Link rate: none, since no order placed by the bot was filled.'
      : `Link rate: ${percent(link_rate)} of the orders placed by the bot.`;
  return `${rate} Links without a fill: ${count(links_without_fills)}.`;
}

/** A sentence on missing fees. */
export const feeSentence = ({ fills_without_fee }: Coverage): string =>
  `Fills without a fee: ${count(fills_without_fee)}; a missing fee counts as $0.`;

function factsOf(section: Section, timeZone: string): string[] {
  const { coverage, outside, waiting_days, computed_at } = section;
  const unmatched = performanceOf(section).unmatched_sells + outside.unmatched_sells;
  return [
    linkRateSentence(coverage),
    `Closing orders without a position to close: ${count(unmatched)}; they count in no rate and no P&L.`,
    feeSentence(coverage),
    waiting_days === 0
      ? 'No day is missing or due for recomputation.'
      : `${counted(waiting_days, 'day')} ${waiting_days === 1 ? 'is' : 'are'} missing or due for recomputation: figures may still change.`,
    ...reconciledSentences(section, timeZone),
    computed_at === null ? 'There was nothing to compute.' : `Computed ${minuteIn(timeZone, computed_at)}.`,
  ];
}

/** When the trades were last compared with the records of the bot's own tool, and with what result. */
function reconciledSentences({ reconciliations }: Section, timeZone: string): string[] {
  if (reconciliations.length === 0)
    return ['Never compared with the bot’s own records: "strategy reconcile" does that.'];
  return reconciliations.slice(0, MOST_LISTED).map(({ source, compared, agreed, differences, at }) => {
    const others = differences.map(({ reason, trades }) => `${plain(reason, 60)} ${count(trades)}`).join(', ');
    return `Compared with ${plain(source, 40)} on ${minuteIn(timeZone, at)}: ${count(agreed)} of ${counted(compared, 'trade')} agree${others && `; different: ${others}`}.`;
  });
}

function onlyDaily({ open_positions, late_changes }: DailySection): string[] {
  const open = open_positions
    .slice(0, MOST_LISTED)
    .map(
      ({ snapshot_id, notes, open_positions, open_cost_usd }) =>
        `${snapshot_id === null ? 'no strategy' : nameOf({ snapshot_id, notes })}: ${counted(open_positions, 'trade')}, ${usd(open_cost_usd)}`,
    );
  const rest = open_positions.length - MOST_LISTED;
  if (rest > 0) open.push(`and ${count(rest)} more strateg${rest === 1 ? 'y' : 'ies'}`);
  return [
    open.length === 0 ? 'Nothing is open now.' : `Open now, at cost: ${open.join('; ')}.`,
    ...changesOf(late_changes),
  ];
}

function changesOf(days: DailySection['late_changes']): string[] {
  if (days.length === 0) return ['No mailed day has changed since the last daily report.'];
  const sentences = days
    .slice(0, MOST_LISTED)
    .map(
      ({ date, mailed_trades, mailed_pnl_usd, total_trades, total_pnl_usd }) =>
        `${shortDay(date)} has changed since it was mailed: from ${counted(mailed_trades, 'trade')}, ${usd(mailed_pnl_usd)} to ${counted(total_trades, 'trade')}, ${usd(total_pnl_usd)}.`,
    );
  return days.length > MOST_LISTED
    ? [...sentences, 'Earlier days have changed too: see the report as JSON.']
    : sentences;
}
