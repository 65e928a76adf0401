import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { asHtml } from '../../../functions/report/document/as-html.ts';

/** The texts of the cells of a page with a single card, row by row. */
function cellsOf(values: readonly string[]): string[][] {
  const figures = values.map((value, i) => ({ label: `label ${i + 1}`, value }));
  const page = asHtml(
    {
      subject: '',
      title: '',
      subtitle: '',
      blocks: [{ type: 'cards', caption: '', cards: [{ title: 'a strategy', figures, note: 'a note' }] }],
      charts: [],
    },
    () => '',
  );
  const table = parseHTML(page).document.querySelector('caption')?.closest('table');
  return [...(table?.querySelectorAll('tr') ?? [])].map((row) =>
    [...row.querySelectorAll('th, td')].map(({ textContent }) => textContent ?? ''),
  );
}

describe('a card', () => {
  test('shows every figure when the last row is not full, and pads that row', () => {
    expect(cellsOf(['1', '2', '3', '4', '5', '6', '7', '8', '9'])).toEqual([
      ['label 1', 'label 2', 'label 3', 'label 4'],
      ['1', '2', '3', '4'],
      ['label 5', 'label 6', 'label 7', 'label 8'],
      ['5', '6', '7', '8'],
      ['label 9', '', '', ''],
      ['9', '', '', ''],
      ['a note'],
    ]);
  });

  test('has two figures per row when one of them is long', () => {
    expect(cellsOf(['-$1,234.50', '2', '3'])).toEqual([
      ['label 1', 'label 2'],
      ['-$1,234.50', '2'],
      ['label 3', ''],
      ['3', ''],
      ['a note'],
    ]);
  });
});
