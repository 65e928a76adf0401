import type { Chart } from '../charts/chart.ts';
import type { Block, Card, Column, Definition, Document, Figure, IntervalBar } from './blocks.ts';
import { type Html, html } from './html.ts';

/** Inline styles, since mail clients support little else, and the attributes `align` and `cellpadding`, which are short and widely
 *  supported. */
const INK = 'color:#1b1f24';
const QUIET = 'color:#57606a';
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const TABLE = 'border-collapse:collapse;font-size:13px;margin:4px 0 12px;overflow-wrap:anywhere';
const LABEL = `font-size:12px;${QUIET}`;
const LINE = 'border-top:1px solid #d8dee4';
const ANYWHERE = 'overflow-wrap:anywhere';

/** Background colors by verdict, with a contrast above 12:1 to dark text, and their counterparts for light text. */
const tints = {
  keep: '#dafbe1',
  revert: '#ffebe9',
  no_material_difference: '#eaeef2',
  keep_running: '#fff8c5',
  not_enough_data: '#eaeef2',
} as const;
const darkTints: Readonly<Record<(typeof tints)[keyof typeof tints], string>> = {
  '#dafbe1': '#12351f',
  '#ffebe9': '#4a1a17',
  '#eaeef2': '#262c36',
  '#fff8c5': '#3a2f0b',
};

/** Colors for readers who prefer dark. Mail clients that support this also support attribute selectors; the others show the light page. A
 *  font is on the table too, for clients that strip the body. Charts keep their white ground. */
const DARK = html`@media (prefers-color-scheme: dark) {
body { background: #0d1117 !important }
table[style*="background:#ffffff"] { background: #161b22 !important }
[style*="color:#1b1f24"] { color: #e6edf3 !important }
[style*="color:#57606a"] { color: #9ea7b3 !important }
[style*="#d8dee4"] { border-color: #3d444d !important }
a[style*="color:#0969da"] { color: #79b0ff !important }
${{
  html: Object.entries(darkTints)
    .map(([light, dark]) => `td[style*="background:${light}"] { background: ${dark} !important }`)
    .join('\n'),
}}
}`;

/** Renders a report as HTML for a page or a mail: tables and inline styles, no scripts. Complete without its charts, whose URLs come
 *  from `sourceOf`. */
export function asHtml({ title, subtitle, blocks }: Document, sourceOf: (chart: Chart) => string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title}</title>
<style>${DARK}</style>
</head>
<body style="margin:0;background:#f6f8fa;${FONT};${INK};font-size:15px;line-height:1.45">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:12px 6px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:720px;background:#ffffff;${FONT};${INK};border:1px solid #d8dee4;border-radius:8px"><tr><td style="padding:16px 9px">
<main>
<h1 style="margin:0;font-size:20px">${title}</h1>
<p style="margin:4px 0 0;${QUIET}">${subtitle}</p>
${blocks.map((block) => blockHtml(block, sourceOf))}
</main>
</td></tr></table>
</td></tr></table>
</body>
</html>
`.html;
}

function blockHtml(block: Block, sourceOf: (chart: Chart) => string): Html {
  switch (block.type) {
    case 'heading':
      return block.level === 2
        ? html`<h2 style="margin:28px 0 8px;font-size:18px;${ANYWHERE}">${block.text}</h2>\n`
        : html`<h3 style="margin:24px 0 4px;font-size:15px">${block.text}</h3>\n`;
    case 'callout':
      return html`<table role="presentation" width="100%" cellpadding="12" cellspacing="0"><tr><td style="background:${tints[block.tone]};${INK};border-radius:6px;${ANYWHERE}"><b style="font-size:16px">${prose(block.text)}</b>${block.more ? html` <br>${prose(block.more)}` : ''}</td></tr></table>\n`;
    case 'figures':
      return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:10px 0 4px"><tr>${block.figures.map(figure)}</tr></table>\n`;
    case 'text':
      return html`<p style="margin:6px 0;${ANYWHERE};${block.strong ? 'font-weight:600' : QUIET}">${prose(block.text)}</p>\n`;
    case 'list':
      return html`<ul style="margin:6px 0;padding-left:18px;font-size:14px;${QUIET};${ANYWHERE}">${block.items.map((item) => html`<li style="margin:3px 0">${prose(item)}</li>`)}</ul>\n`;
    case 'links':
      return html`<p style="margin:8px 0">${block.links.map(({ text, href }) => html`<a href="${href}" target="_top" style="display:inline-block;margin-right:14px;color:#0969da">${text}</a>`)}</p>\n`;
    case 'table':
      return dataTable(block);
    case 'cards':
      return html`<p style="margin:0 0 4px;font-size:13px;${QUIET}">${block.caption}</p>\n${block.cards.map(card)}`;
    case 'interval':
      return intervalBar(block);
    case 'chart':
      return html`<p style="margin:12px 0"><img src="${sourceOf(block.chart)}" alt="${block.chart.alt}" width="${block.chart.width}" style="display:block;width:100%;max-width:${block.chart.width}px;height:auto;border:0;background:#ffffff;font-size:13px;${QUIET}"></p>\n`;
    case 'definitions':
      return html`<p style="margin:14px 0 0;font-size:13px;${ANYWHERE}">Over ${block.over}:</p>\n<ul style="margin:4px 0;padding-left:18px;font-size:13px;${QUIET};${ANYWHERE}">${block.definitions.map(definition)}</ul>\n`;
  }
}

/** Keeps figures on one line: a figure broken over two lines could be misread. */
const prose = (text: string): Html[] =>
  text
    .split(/(-\$\d[\d.,]*[A-Z]?|\d[\d.,]* %)/)
    .map((piece, i) => (i % 2 === 1 ? html`<span style="white-space:nowrap">${piece}</span>` : html`${piece}`));

function figure({ label, value, note }: Figure): Html {
  return html`<td valign="top" style="padding-right:6px"><div style="font-size:12px;${QUIET}">${label}</div><div style="font-size:18px;font-weight:600;white-space:nowrap">${value}</div>${note ? html`<div style="font-size:12px;${QUIET}">${note}</div>` : ''}</td>`;
}

/** Colors of an interval bar: the interval, the band of differences that do not matter, the rest, and zero. */
const BAR = { interval: '#0969da', band: '#d0d7de', rest: '#eaeef2', zero: '#1b1f24' };

/** A bar of table cells, which every mail client draws. Zero is a dark line. */
function intervalBar({ caption, from, to, zero, band }: IntervalBar): Html {
  const places = [...new Set([0, from, to, zero, ...band, 1])].sort((a, b) => a - b);
  const cells = places.slice(1).map((end, i) => {
    const start = places[i] ?? 0;
    const middle = (start + end) / 2;
    const color =
      middle > from && middle < to ? BAR.interval : middle > band[0] && middle < band[1] ? BAR.band : BAR.rest;
    const edge = end === zero ? `;border-right:2px solid ${BAR.zero}` : '';
    return html`<td width="${((end - start) * 100).toFixed(1)}%" style="background:${color};height:12px;padding:0${edge}"></td>`;
  });
  return html`<p style="margin:8px 0 4px;font-size:13px;${QUIET}">${prose(caption)} Dark line: $0. Grey: too small to matter.</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="table-layout:fixed;margin:0 0 12px"><tr>${cells}</tr></table>
`;
}

function dataTable({ caption, columns, rows }: Extract<Block, { type: 'table' }>): Html {
  return html`<table width="100%" cellpadding="3" cellspacing="0" style="${TABLE}">
<caption style="text-align:left;padding:8px 3px 4px;${QUIET}">${prose(caption)}</caption>
<tr valign="bottom" style="${LABEL}">${columns.map(head)}</tr>
${rows.map((row) => html`<tr valign="top" style="${LINE}">${row.map((cell, i) => dataCell(cell, i, columns[i]))}</tr>\n`)}</table>
`;
}

const THIN = 'style="font-weight:400;overflow-wrap:normal"';
const aligned = (column: Column | undefined): Html => ({
  html: column?.align === 'right' ? ' align="right"' : ' align="left"',
});

const head = (column: Column): Html =>
  column.label === ''
    ? html`<td></td>`
    : html`<th scope="col"${aligned(column)} ${{ html: THIN }}>${column.label}</th>`;

/** A cell of a table; the first cell of a row is its heading. Long words may break anywhere, to keep the page narrow. */
function dataCell(text: string, place: number, column: Column | undefined): Html {
  if (place > 0) return html`<td${aligned(column)}${text.length <= FIGURE ? { html: ' nowrap' } : ''}>${text}</td>`;
  const short = text.length <= SHORT ? html`;white-space:nowrap` : '';
  return html`<th scope="row" align="left" style="font-weight:400${short}">${text}</th>`;
}

/** Most characters of a figure with its unit, which is kept on one line. */
const FIGURE = 14;

/** Most characters of a row heading that is kept on one line; it leaves room for the figures on a phone. */
const SHORT = 13;

/** Most figures per row of a card that a phone shows without scrolling sideways, if each has at most SHORT_FIGURE characters. */
const CARD_COLUMNS = 4;
const SHORT_FIGURE = 8;

const EMPTY_CELL = html`<td></td>`;

function card({ title, figures, note }: Card): Html {
  const short = figures.every(({ value }) =>
    value.split(' ').every((word) => word.replaceAll(/[()]/g, '').length <= SHORT_FIGURE),
  );
  const columns = short ? CARD_COLUMNS : CARD_COLUMNS / 2;
  const rows = Array.from({ length: Math.ceil(figures.length / columns) }, (_, row) =>
    Array.from({ length: columns }, (_, column) => figures[row * columns + column]),
  );
  return html`<table width="100%" cellpadding="3" cellspacing="0" style="${TABLE};table-layout:fixed">
<caption style="text-align:left;padding:8px 3px 4px;font-size:14px;font-weight:600;${ANYWHERE}">${title}</caption>
${rows.map(
  (
    row,
  ) => html`<tr style="${LINE}">${row.map((figure) => (figure ? html`<th scope="col" align="right" valign="bottom" style="font-weight:400;font-size:12px;${QUIET}">${figure.label}</th>` : EMPTY_CELL))}</tr>
<tr>${row.map((figure) => (figure ? html`<td align="right" valign="top" style="font-size:14px">${prose(figure.value)}</td>` : EMPTY_CELL))}</tr>
`,
)}<tr style="${LINE}"><td colspan="${columns}" style="${QUIET};${ANYWHERE}">${prose(note)}</td></tr>
</table>
`;
}

const definition = ({ term, meaning }: Definition): Html => html`<li><strong>${term}</strong>: ${prose(meaning)}.</li>`;
