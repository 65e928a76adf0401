import { styleText } from 'node:util';
import { blocksAsText } from '../functions/report/document/as-text.ts';
import type { Block } from '../functions/report/document/blocks.ts';
import { wrapped } from '../functions/report/document/table.ts';

/** Lays out blocks. Callouts and headings are bold where the terminal has styles and NO_COLOR is not set. */
export function screenText(blocks: readonly Block[], width: number): string {
  return blocks
    .map((block) => {
      const text = blocksAsText([block], { width, wraps: true, cuts: true });
      return block.type === 'callout' || block.type === 'heading' ? styleText('bold', text) : text;
    })
    .join('\n\n');
}

/** Wraps a text of the service to the width of the screen, but for indented lines, which are tables. */
export const wrappedText = (text: string, width: number): string => text.split('\n').flatMap(linesOf(width)).join('\n');

const linesOf =
  (width: number) =>
  (line: string): string[] => {
    if (line.startsWith('  ')) return [line];
    const [mark = ''] = /^(- |>> )?/.exec(line) ?? [];
    const [first, ...others] = wrapped(line.slice(mark.length), width - mark.length);
    return [mark + first, ...others.map((other) => ' '.repeat(mark.length) + other)];
  };
