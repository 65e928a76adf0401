import stringWidth from 'string-width';
import { describe, expect, test, vi } from 'vitest';
import type { Chart } from '../../../functions/report/charts/chart.ts';
import type { WeeklyReview } from '../../../functions/report/contract.ts';
import { asHtml } from '../../../functions/report/document/as-html.ts';
import { documentOf } from '../../../functions/report/document/document.ts';
import type { Group } from '../../../functions/report/groups/contract.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { startService } from '../../support/service.ts';

// Drawing takes most of the time of a report, and is tested elsewhere.
vi.mock('../../../functions/report/charts/png.ts', () => ({
  pngOf: async (chart: Chart) => Buffer.from(chart.svg()),
}));

const service = await startService();
const DAY = '2026-03-05';
const formats = ['html', 'text'];
const kinds = ['daily', 'weekly'];

async function snapshot(
  bot_id: string,
  notes: string | null,
  config: object = {},
  active_from = '2026-03-01T00:00:00Z',
) {
  const { status } = await service.call('POST /snapshots', { body: { bot_id, config, active_from, notes } });
  expect(status).toBe(201);
}

/** The fills of one closed trade, bought at `buy` and sold at `sell` USD. */
async function trade(
  bot_id: string,
  buy: string,
  sell: string,
  { symbol = 'BTC-USD', at = `${DAY}T10`, source = 'bot' } = {},
): Promise<void> {
  const fill = { bot_id, symbol, size: '1', fee_usd: '0', source };
  const id = crypto.randomUUID();
  const { body } = await service.call('POST /fills', {
    body: [
      { ...fill, fill_id: `${id}-b`, order_id: `${id}-b`, side: 'buy', price: buy, filled_at: `${at}:00:00Z` },
      { ...fill, fill_id: `${id}-s`, order_id: `${id}-s`, side: 'sell', price: sell, filled_at: `${at}:30:00Z` },
    ],
  });
  expect(body.rejected).toEqual([]);
}

/** The lines of tables, which are indented. */
const tablesIn = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('  '));

/** Text that a page keeps on one line. */
const KEPT_TOGETHER = /<\w+[^>]*nowrap[^>]*>[^<]*/g;

/** Both reports in all formats, after checks that hold for every report. */
async function reports(bot_id: string | null): Promise<string[]> {
  const pages: string[] = [];
  for (const kind of kinds)
    for (const format of formats) {
      const query = { date: DAY, kind, format, detail: 'full', ...(bot_id === null ? {} : { bot_id }) };
      const { status, body } = await service.call('GET /report', { query });
      expect(status, `${kind} ${format}`).toBe(200);
      const page = body.replaceAll(/data:image\/png;base64,[^"]+/g, '');
      expect(/NaN|undefined|Infinity|\[object|>null</.exec(page)).toBeNull();
      expect(Buffer.byteLength(page)).toBeLessThan(100_000);
      if (format === 'html') expect(page.replaceAll(KEPT_TOGETHER, '')).not.toMatch(/\d %/);
      if (format === 'text') expect(tablesIn(page).filter((line) => stringWidth(line) > 78)).toEqual([]);
      pages.push(page);
    }
  return pages;
}

describe('an unusual day makes a valid report:', () => {
  test('nothing happened', async () => {
    for (const page of await reports('unheard-of')) {
      expect(page).toContain('No orders were filled');
      expect(page).toContain('Link rate: none, since no order placed by the bot was filled.');
    }
  });

  test('trades without a snapshot', async () => {
    await trade('no-snapshot', '100', '103');
    for (const page of await reports('no-snapshot')) {
      expect(page).toContain('No snapshot of this bot’s settings yet.');
      expect(page).toContain('Entered before the first snapshot and in no strategy: 1 trade, $3.00.');
    }
  });

  test('a snapshot without trades', async () => {
    await snapshot('no-trades', 'quiet');
    for (const page of await reports('no-trades')) expect(page).toContain('Nothing to compare yet');
  });

  test('a single strategy', async () => {
    await snapshot('one', 'the only one');
    await trade('one', '100', '103');
    for (const page of await reports('one')) {
      expect(page).toContain('these are the bot’s first settings');
      expect(page).toContain('the only one');
    }
  });

  test('names with markup, right to left, of 300 characters, and with control characters', async () => {
    const bot_id = 'names-<i>&"';
    await snapshot(bot_id, '<img src=x onerror=alert(1)> & "quoted"', { a: '<b>' }, '2026-03-01T00:00:00Z');
    await snapshot(bot_id, 'الإعداد الجديد \u202e txet', { a: 'מחיר' }, '2026-03-02T00:00:00Z');
    await snapshot(bot_id, `${'n'.repeat(299)}\u0007`, { '<a>\u0001': ['x'.repeat(2000)] }, '2026-03-03T00:00:00Z');
    await trade(bot_id, '100', '101', { symbol: '<script>-USD' });
    for (const page of await reports(bot_id)) {
      if (page.startsWith('<!doctype')) expect(page).not.toMatch(/<img src=x|<script|<i>&/);
      expect(page.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      expect(page).not.toContain('n'.repeat(100));
      expect(page).toMatch(/\u2068[^\u2069]*\u202e[^\u2069]*\u2069/);
    }
  });

  test('settings that changed from a number to text or to nothing look different before and after', async () => {
    await snapshot('typed', 'before', { a: 5, b: 'limit', c: 'true' });
    await trade('typed', '100', '101', { at: '2026-03-01T10' });
    await snapshot('typed', 'after', { a: '5', b: '', c: true }, '2026-03-02T00:00:00Z');
    await trade('typed', '100', '101');
    const text = (
      await service.call('GET /report', { query: { detail: 'full', bot_id: 'typed', date: DAY, format: 'text' } })
    ).body;
    expect(text).toMatch(/\/a +5 +"5"\n +\/b +limit +""\n +\/c +"true" +true\n/);
  });

  test('orders of a dozen sources: the largest are listed, with a note that there are more', async () => {
    await snapshot('sources', 'sources');
    for (let i = 0; i < 12; i++) await trade('sources', '100', '101', { source: `source ${i}` });
    for (const page of await reports('sources'))
      expect(page).toContain(
        'Where 24 filled orders came from, and how many the bot linked; the largest 10 of 12 sources',
      );
  });

  test('40 snapshots, and 40 settings changed at once', async () => {
    for (let i = 0; i < 40; i++) {
      const config = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`setting_${n}`, i]));
      await snapshot('forty', `number ${i}`, config, new Date(Date.UTC(2026, 2, 1, i)).toISOString());
      if (i === 20) await trade('forty', '100', '99', { at: '2026-03-01T20' });
    }
    for (const page of await reports('forty')) {
      expect(page).toContain('number 39');
      expect(page).not.toContain('number 36');
    }
    const [daily] = await reports('forty');
    expect(daily).toContain('And 28 more settings.');
  });

  test('P&L of plus and minus a billion, and of a hundred-millionth', async () => {
    for (const [bot_id, buy, sell, shown] of [
      ['up', '1', '1000000001', '$1B'],
      ['down', '1000000001', '1', '-$1B'],
      ['tiny', '1', '1.00000001', '$1E-8'],
    ] as const) {
      await snapshot(bot_id, null);
      await trade(bot_id, buy, sell);
      for (const page of await reports(bot_id)) expect(page).toContain(shown);
    }
  });

  test('the week before the bot existed is absent instead of zero', async () => {
    await snapshot('young', 'young', {}, '2026-03-01T00:00:00Z');
    await trade('young', '100', '103.5');
    const text = (
      await service.call('GET /report', {
        query: { detail: 'full', bot_id: 'young', date: DAY, kind: 'weekly', format: 'text' },
      })
    ).body;
    // Five days of the week had a strategy.
    expect(text).toMatch(/P&L per day +\$0\.70 +– +–\n/);
    expect(text).toMatch(/Trades +1 +– +–\n/);
  });

  test('a day that is not over is marked in title, subject, headline and definitions, and is in no verdict', async () => {
    await snapshot('today', 'today');
    const today = new Date().toISOString().slice(0, 10);
    for (const kind of kinds) {
      const query = { bot_id: 'today', date: today, kind };
      const { body } = await service.call('GET /report', { query: { ...query, format: 'json' } });
      expect(body).toMatchObject({ complete: false, bots: [{ verdict: { through: dayAfter(today, -1) } }] });
      const text: string = (await service.call('GET /report', { query: { detail: 'full', ...query, format: 'text' } }))
        .body;
      expect(text.split('\n')[0]).toMatch(/, so far$/);
      expect(text).toMatch(/^P&L of the (day|week) so far: /m);
      expect(text).toMatch(/^Over the .*, so far, n = /m);
    }
    expect(
      documentOf(
        (await service.call('GET /report', { query: { bot_id: 'today', date: today, format: 'json' } })).body,
        'full',
      ).subject,
    ).toContain(', so far: ');
    for (const page of await reports('today')) expect(page).not.toContain('so far');
  });

  test('a value that misses its target by less than its digits is shown with more digits', async () => {
    await snapshot('close', 'close');
    await trade('close', '100', '100.0996');
    for (const page of await reports('close')) if (page.includes('Actual')) expect(page).toContain('$0.0996');
    const text = (
      await service.call('GET /report', { query: { detail: 'full', bot_id: 'close', date: DAY, format: 'text' } })
    ).body;
    expect(text).toMatch(/expectancy +over \$0\.10 +\$0\.0996 +missed/);
  });

  test('many bots: three have a full section, the others a line each', async () => {
    for (let i = 0; i < 5; i++) await snapshot(`bot-${i}`, `of bot ${i}`);
    await trade('z-outside', '100', '103');
    for (const page of await reports(null)) {
      expect(page).toContain('The other bots');
      if (page.includes('P&L of the day'))
        expect(page.replaceAll(/<[^>]+>/g, ' ')).toMatch(/\bz-outside +no snapshot yet +– +–/);
      for (let i = 0; i < 5; i++) expect(page).toContain(`of bot ${i}`);
    }
  });

  test('sixty busy bots: the mail stays under 100 KB and lists every bot', async () => {
    const review: WeeklyReview = (
      await service.call('GET /report', { query: { bot_id: 'up', date: DAY, kind: 'weekly', format: 'json' } })
    ).body;
    const [bot] = review.bots;
    const [group] = bot?.by_symbol ?? [];
    if (!bot || !group) throw new Error('the bot traded');
    const groups = (count: number, name: string): Group[] =>
      Array.from({ length: count }, (_, i) => ({ ...group, name: `${name}-${i}`, total_pnl_usd: 1234.5 * i }));
    const losing = (symbol: string) => ({
      ...{ symbol, days: 40, total_trades: 400, total_pnl_usd: -1234.5 },
      ...{ expectancy_usd: -3.08, lower_usd: -4.01, upper_usd: -2.02 },
    });
    const busy = {
      ...bot,
      by_symbol: groups(41, 'A-LONG-SYMBOL-USD'),
      by_trigger: groups(41, 'a_long_trigger'),
      by_hour: groups(24, '1'),
      by_indicator: groups(41, 'an_indicator'),
      symbols: { ...bot.symbols, losing: Array.from({ length: 20 }, (_, i) => losing(`A-LONG-SYMBOL-${i}`)) },
    };
    const bots = Array.from({ length: 60 }, (_, i) => ({ ...busy, bot_id: `busy bot ${i}` }));
    const page = asHtml(documentOf({ ...review, bots }, 'full'), () => 'cid:chart');
    expect(Buffer.byteLength(page)).toBeLessThan(100_000);
    for (const { bot_id } of bots) expect(page).toContain(bot_id);
  });
});
