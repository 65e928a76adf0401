import { counted } from '../../functions/formatting.ts';
import type { Lacking } from './holdings.ts';
import type { BotHistory, Report, Skipped } from './report.ts';

/** Items of a list that are shown; `--json` has all. */
const SHOWN_ITEMS = 12;

/** The report as text. */
export function textOf({ read, bots, skipped, remarks, lacking, held, notes }: Report): string {
  const sections = [
    read.map(({ table, what, rows }) => `${table}: ${what}, ${counted(rows, 'row')}`),
    bots.length === 0 ? ['Nothing can be imported.'] : some(bots, botLines),
    skipped.length === 0 ? [] : ['Not imported:', ...skippedLines(skipped)],
    remarks.length === 0
      ? []
      : [
          'Imported, but:',
          ...some(remarks, ({ remark, count, example }) => [`  ${count} × ${remark}, such as ${example}`]),
        ],
    lacking.length === 0
      ? []
      : [
          'Sells without an earlier buy, which count for no strategy:',
          ...some(lacking, lackingLines),
          'A sell is matched to the earliest open buy: without the holdings from before the first fill, selling them closes newer buys.',
          'List them in a file with --holdings, or let the import assume the missing size with --assume-holdings.',
        ],
    held.length === 0
      ? []
      : [
          'Held before the first fill:',
          ...some(held, ({ symbol, size, price }) => [`  ${symbol}: ${size} at ${short(price)}`]),
          'The first sells are matched to these, and count for no strategy; later sells are matched to the buys in the files.',
        ],
    [...notes],
    bots.some(({ fills, snapshots }) => fills > 0 && snapshots === 0)
      ? [
          'The files have no settings. Trades count for the strategy whose settings were active when they were ordered: unless the',
          'service knows these settings already, add them with --config settings.json, and --from if they are not from the first order on.',
        ]
      : [],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

export const skippedLines = (skipped: readonly Skipped[]): string[] =>
  some(skipped, ({ reason, count, example }) => [`  ${count} × ${reason}, such as ${example}`]);

function lackingLines({ symbol, sells_without_buy, sells, lacks, first_sell_price, swallowed }: Lacking): string[] {
  return [
    `  ${symbol}: ${sells_without_buy} of ${sells} sells lack ${lacks}, first sold at ${short(first_sell_price)}`,
    ...(swallowed
      ? [
          `    ${counted(swallowed.buys, 'buy')} would be matched to such a sell: the first, of ${minute(swallowed.first_bought_at)}, to that of ${minute(swallowed.first_sold_at)}`,
        ]
      : []),
  ];
}

const minute = (at: string): string => at.slice(0, 16).replace('T', ' ');

const botLines = ({ bot_id, fills, orders, links, snapshots, from, to, symbols }: BotHistory): string[] => [
  `Bot ${bot_id}: ${counted(fills, 'fill')} of ${counted(orders, 'order')}, ${counted(links, 'link')}, ${counted(snapshots, 'snapshot')}`,
  ...(from && to ? [`  from ${from.slice(0, 16)} to ${to.slice(0, 16)} (UTC)`] : []),
  ...(symbols.length > 0
    ? [
        `  ${counted(symbols.length, 'symbol')}: ${some(symbols, ({ symbol, fills }) => [`${symbol} ${fills}`]).join(', ')}`,
      ]
    : []),
];

function some<Item>(items: readonly Item[], shown: (item: Item) => string[]): string[] {
  const more = items.length - SHOWN_ITEMS;
  return [...items.slice(0, SHOWN_ITEMS).flatMap(shown), ...(more > 0 ? [`… and ${more} more`] : [])];
}

const short = (price: string): string => String(Number(Number(price).toPrecision(8)));
