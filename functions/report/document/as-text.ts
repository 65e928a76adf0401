import type { Block, Card, Figure } from './blocks.ts';
import type { Document } from './document.ts';
import { table } from './table.ts';

/** A report for reading as plain text: short paragraphs and aligned tables. */
export function asText({ title, subtitle, blocks }: Document): string {
  const parts = blocks.map(set).filter((part) => part !== '');
  return [underlined(title, '='), subtitle, ...parts].join('\n\n').concat('\n');
}

const underlined = (text: string, line: string): string => `${text}\n${line.repeat([...text].length)}`;

function set(block: Block): string {
  switch (block.type) {
    case 'heading':
      return block.level === 2 ? `\n${underlined(block.text, '-')}` : `${block.text.toUpperCase()}`;
    case 'callout':
      return [`>> ${block.text}`, block.more].filter(Boolean).join('\n');
    case 'figures':
      return inARow(block.figures);
    case 'text':
      return block.text;
    case 'list':
      return block.items.map((item) => `- ${item}`).join('\n');
    case 'table':
      return `${block.caption}\n\n${aligned(
        block.columns.map(({ label }) => label),
        block.rows,
        block.columns.flatMap(({ align }, i) => (align === 'right' ? [i] : [])),
      )}`;
    case 'cards':
      return `${block.caption}\n\n${cardTable(block.cards)}`;
    case 'picture':
      return block.picture.alt;
    case 'definitions':
      return [`Over ${block.over}:`, ...block.definitions.map(({ term, meaning }) => `- ${term}: ${meaning}.`)].join(
        '\n',
      );
  }
}

const inARow = (figures: readonly Figure[]): string =>
  figures.map(({ label, value }) => `${label}: ${value}`).join('   ');

/** As wide as plain text is shown, less the indent. */
const WIDTH = 76;

const aligned = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignRight: readonly number[],
): string => table([head, ...rows], { alignRight, ruled: true, width: WIDTH }).replaceAll(/^(?=.)/gm, '  ');

/** Cards side by side, a column each, and what is noted of each below. */
export function cardTable(cards: readonly Card[]): string {
  const labels = cards[0]?.figures.map(({ label }) => label) ?? [];
  return [
    aligned(
      ['', ...cards.map(({ title }) => title)],
      labels.map((label, i) => [label, ...cards.map(({ figures }) => figures[i]?.value ?? '')]),
      cards.map((_, i) => i + 1),
    ),
    '',
    ...cards.map(({ title, note }) => `- ${title}: ${note}`),
  ].join('\n');
}
