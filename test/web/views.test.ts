import { beforeAll, describe, expect, test } from 'vitest';
import { playAlternatingTest } from '../../cli/demo/alternating.ts';
import { playFortnight } from '../../cli/demo/fortnight.ts';
import { usd } from '../../functions/formatting.ts';
import { hasBrowser } from '../support/browser.ts';
import { naughtyStrings } from '../support/naughty-strings.ts';
import { findings, type Look, startPage, tooWide, until } from './page.ts';

/** Every view, some of them with something opened. */
const views = [
  'overview',
  'compare',
  'compare?bot=alternating',
  'experiments?bot=alternating',
  'experiments',
  'snapshots',
  'trades',
  'trades?trigger=stop_loss&side=long',
  'positions',
  'days',
  'reports',
  'trades?day=foo',
  'snapshots?bot=nobody',
  'reports?kind=weekly&detail=full',
];

const isFull = process.env.RELIABILITY === 'full';

/** Widths and colour schemes, each at least once: where something is depends on the width only, and contrast on the scheme. All of their
 *  combinations are played at full size. */
const looks: readonly Look[] = isFull
  ? [390, 800, 1280].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme })))
  : [
      { width: 390, scheme: 'dark' },
      { width: 800, scheme: 'dark' },
      { width: 1280, scheme: 'light' },
    ];

describe.skipIf(!hasBrowser)('the page, in a browser (needs a Chromium)', () => {
  let started: Awaited<ReturnType<typeof startPage>>;
  const midnight = Date.parse(new Date().toISOString().slice(0, 10));

  beforeAll(async () => {
    started = await startPage();
    await playFortnight(started.send, midnight, () => {});
    await playAlternatingTest(started.send, midnight);
    return started.stop;
  });

  test.each(looks)(
    'fits $width px in $scheme, without an error, and axe finds nothing',
    async (look) => {
      const { page, show, complaints } = await started.open(look);
      for (const view of views) {
        await show(view);
        expect(await tooWide(page), view).toEqual([]);
        // Contrast depends on the colors, and names on nothing: two widths are enough.
        if (look.width !== 800) expect(await findings(page), view).toEqual([]);
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    180_000,
  );

  test('shows the figures of the API, and computes none', async () => {
    const { page, show } = await started.open();
    const { verdict, strategies } = await started.get('/comparison');
    await show('compare');
    const side = await page.locator('table.metrics').innerText();
    for (const value of [verdict.expectancy.baseline, verdict.expectancy.candidate, verdict.max_drawdown_usd.candidate])
      expect(side).toContain(usd(value));
    expect(await page.locator('.decision').innerText()).toContain(verdict.summary.split('. ')[0]);

    await show('snapshots');
    const timeline = await page.locator('.timeline').innerText();
    for (const { total_pnl, total_trades } of strategies)
      expect(timeline).toMatch(new RegExp(`${total_trades} trades, \\+\\$${total_pnl.toFixed(2)}`));

    const { days, from, to } = await started.get('/summaries/pnl');
    await show('overview');
    expect(await page.locator('main').innerText()).toContain(`+${usd(days.at(-1).cumulative_pnl_usd)}`);
    const { total } = await started.get(`/trades/groups?from=${from < to ? days[0].date : from}&to=${to}`);
    await show('days');
    const month = await started.get(`/trades/groups?from=${to.slice(0, 7)}-01&to=${to}`);
    expect(total.total_trades).toBe(288);
    expect(await page.locator('main').innerText()).toContain(usd(month.total.total_pnl_usd));
  });

  test('draws only the rows in view, and asks for further pages as they come into view', async () => {
    const { page, show } = await started.open();
    await show('trades');
    const list = page.locator('.scroll.tall');
    const rows = () => list.locator('tbody tr a').count();
    expect(await rows()).toBeGreaterThan(10);
    await until(
      page,
      `(() => { const list = document.querySelector('.scroll.tall'); list.scrollTop = list.scrollHeight; return document.querySelector('main [role=status]').textContent.startsWith('288 trades'); })()`,
    );
    expect(await rows()).toBeLessThan(80);
  });

  test('says what is wrong with an address, and goes on with the next', async () => {
    const { page, show } = await started.open();
    await show('experiments?experiment=nope');
    expect(await page.locator('main').innerText()).toContain('must be an experiment id');
    await show('trades?bot=nobody');
    expect(await page.locator('main').innerText()).toContain('There is no bot nobody.');
    await show('trades?day=2026-99-99');
    expect(await page.locator('main').innerText()).toContain('288 trades');
    await show('overview');
    expect(await page.locator('main h2').first().innerText()).toBe('Bots');
  });

  test('can be used with the keyboard alone', async () => {
    const { page, show } = await started.open();
    await show('compare');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.locator('main:focus').count()).toBe(1);
    await page.getByRole('button', { name: 'Take the change back' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await started.get('/snapshots/current')).rollback_of).toBeNull();
  });

  test('shows hostile text in every field, and does nothing that it says', async () => {
    const texts = [...naughtyStrings, '<img src=x onerror=alert(1)>', 'x'.repeat(300), '‮مرحبا <b>x</b>'].filter(
      (text) => text.trim() !== '' && text.isWellFormed() && !text.includes('\u0000'),
    );
    const bot_id = '<script>alert("bot")</script> & ‮x';
    const at = (minute: number) => new Date(midnight - 86_400_000 + minute * 60_000).toISOString();
    const save = (notes: string, config: object, minute: number) =>
      started.post('/snapshots', { bot_id, notes, config, active_from: at(minute) });
    await save(texts[0] ?? '', { a: 1 }, 0);
    await save('<img src=x onerror=alert(2)>', { texts, '<b>': 1, '‮x': 2 }, 1);
    await save('‮reversed '.repeat(25), { deep: { '<b>': ['</script>'] } }, 2);
    const symbols = ['<b>BTC</b>-USD', `${'X'.repeat(60)}-USD`, 'مرحبا-USD'];
    const fills = symbols.flatMap((symbol, i) =>
      ['buy', 'sell'].map((side, j) => ({
        ...{ bot_id, symbol, side, price: String(100 - j), size: '1', fee_usd: '0' },
        ...{ fill_id: `<i>${i}${j}`, order_id: `"><svg onload=alert(3)>${i}${j}`, filled_at: at(3 + 2 * i + j) },
      })),
    );
    await started.post('/fills', fills);
    await started.post(
      '/trade-links',
      fills.map(({ order_id }, i) => ({
        ...{ bot_id, order_id, trigger: `<u>${i}</u>`, exit_reason: texts[i] },
        indicator_breakdown: { '<script>alert(4)</script>': 1 },
      })),
    );
    await started.post('/summaries', { bot_id, from: at(0).slice(0, 10) });
    await started.post('/fills/corrections', {
      bot_id,
      fill_id: '<i>01',
      price: '98',
      reason: '<img src=x onerror=alert(5)>',
    });
    const { trades } = await started.get(`/trades?bot_id=${encodeURIComponent(bot_id)}`);

    const { page, show, complaints } = await started.open({ width: 390 });
    const bot = encodeURIComponent(bot_id);
    for (const view of [
      ...views.map((each) => each.split('?')[0]),
      ...trades.map(({ trade_id }: { trade_id: string }) => `trades?trade=${trade_id}`),
    ]) {
      await show(`${view}${view.includes('?') ? '&' : '?'}bot=${bot}`);
      expect(await tooWide(page), view).toEqual([]);
      expect(await page.locator('main script, main img, main b b, main svg[onload]').count(), view).toBe(0);
    }
    await show(`snapshots?bot=${bot}`);
    expect(await page.locator('.timeline').innerText()).toContain('<img src=x onerror=alert(2)>');
    await show(`trades?bot=${bot}`);
    expect(await page.locator('main').innerText()).toContain('<b>BTC</b>-USD');
    expect(complaints).toEqual([]);
  }, 180_000);
});
