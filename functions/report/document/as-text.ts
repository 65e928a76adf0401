import type { Block, Card, Document, Figure, IntervalBar } from './blocks.ts';
import { table, wrapped } from './table.ts';

/** Renders a report as plain text: short paragraphs and aligned tables. */
export function asText({ title, subtitle, blocks }: Document): string {
  return [underlined(title, '='), subtitle, blocksAsText(blocks, MAIL)].join('\n\n').concat('\n');
}

/** The layout of the medium that shows the text. */
export interface Page {
  readonly width: number;
  /** Whether to wrap sentences at the width; mail programs wrap them on their own. */
  readonly wraps: boolean;
  /** Whether to cut cells so that each row of a table takes one line. */
  readonly cuts: boolean;
}

const MAIL: Page = { width: 78, wraps: false, cuts: false };

export function blocksAsText(blocks: readonly Block[], page: Page): string {
  return blocks
    .map((block) => blockText(block, page))
    .filter((part) => part !== '')
    .join('\n\n');
}

const underlined = (text: string, line: string): string => `${text}\n${line.repeat([...text].length)}`;

function blockText(block: Block, page: Page): string {
  const prose = (text: string, indent = '') =>
    page.wraps ? wrapped(text, page.width - indent.length).join(`\n${indent}`) : text;
  switch (block.type) {
    case 'heading':
      return block.level === 2 ? `\n${underlined(block.text, '-')}` : `${block.text.toUpperCase()}`;
    case 'callout':
      return [`>> ${prose(block.text, '   ')}`, prose(block.more)].filter(Boolean).join('\n');
    case 'figures':
      return prose(inARow(block.figures));
    case 'links':
      return block.links.map(({ text, href }) => `${text}: ${href}`).join('\n');
    case 'text':
      return prose(block.text);
    case 'list':
      return block.items.map((item) => `- ${prose(item, '  ')}`).join('\n');
    case 'table':
      return `${prose(block.caption)}\n\n${aligned(
        [block.columns.map(({ label }) => label), ...block.rows],
        block.columns.flatMap(({ align }, i) => (align === 'right' ? [i] : [])),
        page,
      )}`;
    case 'cards':
      return `${prose(block.caption)}\n\n${cardTable(block.cards, page)}`;
    case 'interval':
      return `${prose(block.caption)}\n${barText(block)}\n${BAR_LEGEND}`;
    case 'chart':
      return block.chart.alt;
    case 'definitions':
      return [`Over ${block.over}:`, ...block.definitions.map(({ term, meaning }) => `- ${term}: ${meaning}.`)].join(
        '\n',
      );
  }
}

const inARow = (figures: readonly Figure[]): string =>
  figures.map(({ label, value, note }) => `${label}: ${value}${note ? ` (${note})` : ''}`).join('   ');

/** Width of a bar, in characters. */
const BAR = 50;

const BAR_LEGEND = '| is $0, o the difference, = the likely range, - too small to matter.';

/** @example '....|--==o==--....': zero, the band that does not matter, the interval and its middle */
const barText = ({ from, to, value, zero, band }: IntervalBar): string =>
  Array.from({ length: BAR }, (_, i) => {
    const [start, end] = [i / BAR, (i + 1) / BAR];
    const has = (place: number) => place >= start && place < end;
    if (has(zero)) return '|';
    if (has(value)) return 'o';
    if (start >= from && end <= to) return '=';
    return start >= band[0] && end <= band[1] ? '-' : '.';
  }).join('');

const INDENT = '  ';

const aligned = (rows: readonly (readonly string[])[], alignRight: readonly number[], { width, cuts }: Page): string =>
  table(rows, { alignRight, ruled: true, width: width - INDENT.length, cut: cuts }).replaceAll(/^(?=.)/gm, INDENT);

/** Cards as a table with one column each, and their notes below. */
export function cardTable(cards: readonly Card[], page = MAIL): string {
  const labels = cards[0]?.figures.map(({ label }) => label) ?? [];
  return [
    aligned(
      [
        ['', ...cards.map(({ title }) => title)],
        ...labels.map((label, i) => [label, ...cards.map(({ figures }) => figures[i]?.value ?? '')]),
      ],
      cards.map((_, i) => i + 1),
      page,
    ),
    '',
    ...cards.map(({ title, note }) => `- ${title}: ${note}`),
  ].join('\n');
}
