import type { BotHistory, Report, Skipped } from './report.ts';

/** So many of a list are shown; `--json` has all. */
const MOST = 12;

/** The report for a person. */
export function textOf({ read, bots, skipped, lacking, notes }: Report): string {
  const sections = [
    read.map(({ table, what, rows }) => `${table}: ${what}, ${rows} rows`),
    bots.length === 0 ? ['Nothing of it can be taken.'] : some(bots, botLines),
    skipped.length === 0 ? [] : ['Not taken:', ...skippedLines(skipped)],
    lacking.length === 0
      ? []
      : [
          'Sold without a buy before it, and so in no strategy’s numbers:',
          ...some(lacking, ({ symbol, sells_without_buy, sells, lacks, first_sell_price }) => [
            `  ${symbol}: ${sells_without_buy} of ${sells} sells lack ${lacks}, first sold at ${short(first_sell_price)}`,
          ]),
          'Such a sell takes what was bought before it and only then goes without: later buys are safe, but old holdings that are',
          'sold after new buys consume these. Say what was held (--holdings), or let what is lacking be held (--assume-holdings).',
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
  const more = items.length - MOST;
  return [...items.slice(0, MOST).flatMap(shown), ...(more > 0 ? [`… and ${more} more`] : [])];
}

const short = (price: string): string => String(Number(Number(price).toPrecision(8)));
