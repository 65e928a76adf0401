import type { BotHistory, Report, Skipped } from './report.ts';

/** Items of a list that are shown; `--json` has all. */
const SHOWN_ITEMS = 12;

/** The report as text. */
export function textOf({ read, bots, skipped, lacking, notes }: Report): string {
  const sections = [
    read.map(({ table, what, rows }) => `${table}: ${what}, ${rows} rows`),
    bots.length === 0 ? ['Nothing can be imported.'] : some(bots, botLines),
    skipped.length === 0 ? [] : ['Not imported:', ...skippedLines(skipped)],
    lacking.length === 0
      ? []
      : [
          'Sells without an earlier buy, which count for no strategy:',
          ...some(lacking, ({ symbol, sells_without_buy, sells, lacks, first_sell_price }) => [
            `  ${symbol}: ${sells_without_buy} of ${sells} sells lack ${lacks}, first sold at ${short(first_sell_price)}`,
          ]),
          'A sell is matched to the earliest open buy. Without the old holdings, selling them would therefore close newer buys:',
          'list the holdings in a file with --holdings, or let the import assume the missing size with --assume-holdings.',
        ],
    [...notes],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

export const skippedLines = (skipped: readonly Skipped[]): string[] =>
  some(skipped, ({ reason, count, example }) => [`  ${count} × ${reason}, such as ${example}`]);

const botLines = ({ bot_id, fills, orders, links, snapshots, from, to, symbols }: BotHistory): string[] => [
  `Bot ${bot_id}: ${fills} fills of ${orders} orders, ${links} links, ${snapshots} snapshots`,
  ...(from && to ? [`  from ${from.slice(0, 16)} to ${to.slice(0, 16)} (UTC)`] : []),
  ...(symbols.length > 0
    ? [`  ${symbols.length} symbols: ${some(symbols, ({ symbol, fills }) => [`${symbol} ${fills}`]).join(', ')}`]
    : []),
];

function some<Item>(items: readonly Item[], shown: (item: Item) => string[]): string[] {
  const more = items.length - SHOWN_ITEMS;
  return [...items.slice(0, SHOWN_ITEMS).flatMap(shown), ...(more > 0 ? [`… and ${more} more`] : [])];
}

const short = (price: string): string => String(Number(Number(price).toPrecision(8)));
