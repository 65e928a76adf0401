import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { recordsOf } from '../../../cli/demo/records.ts';
import { drawTrades } from '../../../cli/demo/trades.ts';
import { hasBrowser, startBrowser } from '../../support/browser.ts';
import { type StoredMail, startMailService } from '../../support/mail-service.ts';
import { startService } from '../../support/service.ts';

const DAY_MS = 86_400_000;
const BEGIN = Date.parse('2026-03-02T00:00:00Z');
const DAYS = 9;
const day = (n: number) => new Date(BEGIN + n * DAY_MS).toISOString();

/** Difficult names: without a break opportunity, right to left, with markup. */
const names = [
  `${'A-name-without-end-'.repeat(16)}.`,
  'الإعداد الجديد: وزن RSI أقل',
  '<b>RSI</b> & "weights" 1.5 \u202e reversed',
  'RSI weight 1.5',
];

/** Formats hundred-millionths as a decimal. */
const decimal = (pieces: bigint): string =>
  `${pieces / 100_000_000n}.${String(pieces % 100_000_000n).padStart(8, '0')}`;

interface Measured {
  readonly title: string;
  readonly tooWide: readonly string[];
  readonly width: number;
  readonly charts: readonly { readonly loaded: boolean; readonly alt: string }[];
}
interface Finding {
  readonly id: string;
  readonly impact: string | null;
}

/** Scripts that run in the page. A figure on two lines has two client rects. */
const BROKEN = `(() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const broken = [];
  let figures = 0;
  while (texts.nextNode())
    for (const { 0: figure, index } of texts.currentNode.data.matchAll(/-?\\$[\\d.,]*\\d(?:[KMBT]|E-\\d+)?|-?\\d[\\d.,]* %|\\d[\\d.,]*\\d/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + figure.length);
      figures += 1;
      if (range.getClientRects().length > 1) broken.push(figure);
    }
  return { figures, broken };
})()`;
const MEASURE = `({
  title: document.title,
  tooWide: [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
    .map((element) => element.outerHTML.slice(0, 120)),
  width: document.documentElement.scrollWidth,
  charts: [...document.images].map(({ complete, naturalWidth, width, alt }) => ({ loaded: complete && naturalWidth > width, alt })),
})`;
const AXE = `(async () => {
  const contrastRatio = { normal: { expected: 4.5 }, large: { expected: 4.5 } };
  axe.configure({ checks: [{ id: 'color-contrast', options: { contrastRatio } }] });
  const { passes, violations } = await axe.run(document);
  return { passes, violations: violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 3).map(({ html }) => html) })) };
})()`;

describe.skipIf(!hasBrowser)(
  hasBrowser
    ? 'the mail in Chromium'
    : 'the mail in Chromium (skipped: this machine has none; CHROMIUM=<path> names one)',
  async () => {
    const mail = await startMailService();
    const service = await startService({ ses: mail.url });
    let mails: StoredMail[] = [];
    let page: Page;

    beforeAll(async () => {
      for (const [i, notes] of names.entries()) {
        await service.call('POST /snapshots', {
          body: {
            notes,
            config: { rsi: 2.5 - i / 4, excluded_symbols: ['BTC-USD'], [`key-${'x'.repeat(100)}`]: i },
            active_from: day(i * DAYS),
          },
        });
        const trades = drawTrades({
          seed: i + 1,
          days: DAYS,
          winning: { trades: 20, pnl: 300_000 },
          losing: { trades: 40, pnl: 220_000 + 20_000 * i },
          fastExits: 4,
        });
        const records = trades.map((trade, n) =>
          recordsOf(trade, `${i}-${n}`, BEGIN + (i * DAYS + trade.day) * DAY_MS),
        );
        await service.call('POST /fills', { body: records.flatMap(({ fills }) => fills) });
        await service.call('POST /trade-links', { body: records.flatMap(({ links }) => links) });
      }
      await service.fire('daily-report', day(names.length * DAYS));
      await service.fire('weekly-review', day(names.length * DAYS));
      mails = await mail.mails();
      page = await (await startBrowser()).newPage();
    });

    const bodyOf = (kind: string) => mails.find(({ subject }) => subject.startsWith(kind))?.html ?? '';

    for (const kind of ['Strategy report', 'Weekly review']) {
      for (const width of [320, 600, 800]) {
        test(`${kind}, ${width} px wide: nothing overflows, and its charts load`, async () => {
          await page.setViewportSize({ width, height: 900 });
          await page.setContent(bodyOf(kind), { waitUntil: 'load' });
          const measured = await page.evaluate<Measured>(MEASURE);
          expect(measured.title).toContain('6 April 2026');
          expect(measured.tooWide).toEqual([]);
          expect(measured.width).toBeLessThanOrEqual(width);
          expect(measured.charts).toHaveLength(1);
          expect(measured.charts.every(({ loaded, alt }) => loaded && alt.length > 20)).toBe(true);
        });
      }

      test.each(['light', 'dark'] as const)(
        `${kind}, %s: axe finds nothing serious, and text has a contrast of 4.5`,
        async (scheme) => {
          await page.emulateMedia({ colorScheme: scheme });
          await page.setViewportSize({ width: 600, height: 900 });
          await page.setContent(bodyOf(kind), { waitUntil: 'load' });
          await page.addScriptTag({ content: axe.source });
          const { passes, violations } = await page.evaluate<{ passes: Finding[]; violations: Finding[] }>(AXE);
          expect(passes.map(({ id }) => id)).toContain('color-contrast');
          expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
        },
      );
    }

    test.each([
      ['Strategy report', 1_600, 250],
      ['Weekly review', 2_400, 400],
    ])('%s: at most %i px long at 600 px of width, and %i words', async (kind, longest, words) => {
      await page.setViewportSize({ width: 600, height: 400 });
      await page.setContent(bodyOf(kind), { waitUntil: 'load' });
      const { height, count } = await page.evaluate<{ height: number; count: number }>(
        '({ height: document.documentElement.scrollHeight, count: document.body.innerText.split(/\\s+/).filter((word) => /[\\p{L}\\d]/u.test(word)).length })',
      );
      expect(height).toBeLessThanOrEqual(longest);
      expect(count).toBeLessThanOrEqual(words);
    });

    for (const kind of ['daily', 'weekly'])
      test(`the full ${kind} report: no figure is broken over two lines, on a phone or a wider screen`, async () => {
        const query = { kind, detail: 'full', date: day(names.length * DAYS - 1).slice(0, 10) };
        await page.setContent((await service.call('GET /report', { query })).body);
        for (const width of [320, 600, 800]) {
          await page.setViewportSize({ width, height: 900 });
          const { figures, broken } = await page.evaluate<{ figures: number; broken: string[] }>(BROKEN);
          expect(figures).toBeGreaterThan(100);
          expect(broken, `at ${width} pixels`).toEqual([]);
        }
      });

    test.each([
      ['thousands', '-9876.54', '8765.43'],
      ['millions', '-1234567.89', '9876543.21'],
      ['a billion', '-1000000000', '1000000000'],
      ['next to nothing', '-0.00000001', '0.00000001'],
    ])('amounts of %s neither break nor make the page too wide', async (bot_id, before, after) => {
      for (const [i, pnl] of [before, after].entries()) {
        const date = `2026-05-0${i + 1}`;
        await service.call('POST /snapshots', { body: { bot_id, config: { i }, active_from: `${date}T00:00:00Z` } });
        const fill = { bot_id, symbol: 'BTC-USD', size: '1', fee_usd: '0' };
        const base = 2_000_000_000n * 100_000_000n;
        const price = (more: string) => decimal(base + BigInt(Math.round(Number(more) * 1e8)));
        await service.call('POST /fills', {
          body: [
            {
              ...fill,
              fill_id: `${i}-b`,
              order_id: `${i}-b`,
              side: 'buy',
              price: price('0'),
              filled_at: `${date}T10:00:00Z`,
            },
            {
              ...fill,
              fill_id: `${i}-s`,
              order_id: `${i}-s`,
              side: 'sell',
              price: price(pnl),
              filled_at: `${date}T11:00:00Z`,
            },
          ],
        });
      }
      await page.setViewportSize({ width: 320, height: 900 });
      for (const kind of ['daily', 'weekly']) {
        for (const detail of ['brief', 'full']) {
          const query = { bot_id, kind, date: '2026-05-02', detail };
          await page.setContent((await service.call('GET /report', { query })).body);
          expect((await page.evaluate<Measured>(MEASURE)).tooWide).toEqual([]);
          expect((await page.evaluate<{ broken: string[] }>(BROKEN)).broken).toEqual([]);
        }
      }
    });

    test('the check finds a figure that is broken over two lines', async () => {
      await page.setContent('<p style="width:1em;overflow-wrap:anywhere">-$1,234.56 and 13.3 %</p>');
      expect((await page.evaluate<{ broken: string[] }>(BROKEN)).broken).toEqual(['-$1,234.56', '13.3 %']);
    });

    test('is complete without its charts', () => {
      for (const { html } of mails) {
        expect(Buffer.byteLength(html.replaceAll(/data:image\/png;base64,[^"]+/g, ''))).toBeLessThan(100_000);
      }
    });
  },
);
