import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { hasBrowser, startBrowser } from '../../support/browser.ts';
import { playTrades, saveSettings } from '../../support/playing.ts';
import { startService } from '../../support/service.ts';

const service = await startService();
const FIRST = '2026-03-01';
/** The last day of all bots. */
const LAST = dayAfter(FIRST, 39);
let page: Page | null = null;

beforeAll(async () => {
  for (let n = 0; n < 40; n += 1) {
    const from = dayAfter(FIRST, n);
    await saveSettings(service, {
      bot_id: 'busy',
      from,
      notes: `RSI weight ${n}, cooldown ${2 * n} bars`,
      config: { rsi: n },
    });
    const pnl = () => Array.from({ length: 60 }, (_, i) => Math.sin(7 * i + n) * 3);
    await playTrades(service, { bot_id: 'busy', from, days: 1, pnl, symbol: (trade) => `COIN${trade}-USD` });
  }
  for (let n = 0; n < 30; n += 1) {
    const bot_id = `bot-${String(n).padStart(2, '0')}`;
    await saveSettings(service, { bot_id, from: dayAfter(LAST, -1), notes: 'RSI weight 1.5', config: { rsi: 1.5 } });
    // Every third has something wrong: its orders are not linked.
    await playTrades(service, { bot_id, from: LAST, days: 1, pnl: () => [1, -0.5, 2], linked: n % 3 > 0 });
  }
  if (hasBrowser) page = await (await startBrowser()).newPage();
});

const wordsIn = (text: string) => text.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length;

async function report(query: Record<string, string>, format: string): Promise<string> {
  return (await service.call('GET /report', { query: { date: LAST, format, ...query } })).body;
}

describe('a report on one screen', () => {
  test.each([
    ['of a bot with 40 snapshots and 60 symbols', { bot_id: 'busy', kind: 'daily' }, 1_600, 250],
    ['of the same bot, of its week', { bot_id: 'busy', kind: 'weekly' }, 2_400, 400],
    ['of 31 bots', { kind: 'daily' }, 1_600, 500],
    ['of 31 bots, of their week', { kind: 'weekly' }, 1_600, 500],
  ])('%s has its length', async (_, query, pixels, words) => {
    expect(wordsIn(await report(query, 'text'))).toBeLessThanOrEqual(words);
    if (page === null) return;
    await page.setViewportSize({ width: 600, height: 400 });
    await page.setContent(await report(query, 'html'), { waitUntil: 'load' });
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(pixels);
  });

  test('of many bots has a line for each', async () => {
    const text = await report({}, 'text');
    for (let n = 0; n < 30; n += 1) expect(text).toContain(`bot-${String(n).padStart(2, '0')}: RSI weight 1.5`);
  });
});
