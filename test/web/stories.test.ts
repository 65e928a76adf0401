import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { playFortnight } from '../../cli/demo/fortnight.ts';
import { usd } from '../../functions/formatting.ts';
import { hasBrowser } from '../support/browser.ts';
import { arrived, startPage } from './page.ts';

/** What people come for. The tests run one after the other on one service, as a person's morning does. */
describe.skipIf(!hasBrowser)('a person with the page (needs a Chromium)', () => {
  let started: Awaited<ReturnType<typeof startPage>>;
  const midnight = Date.parse(new Date().toISOString().slice(0, 10));
  const click = async (page: Page, role: 'link' | 'button', name: string | RegExp) => {
    await page.getByRole(role, { name }).first().click();
    await arrived(page);
  };
  const closed = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' });

  beforeAll(async () => {
    started = await startPage();
    return started.stop;
  });

  test('who has recorded nothing yet reads what to do next, and it works', async () => {
    const { page } = await started.open();
    expect(await page.locator('main').innerText()).toContain('Nothing is recorded yet');
    const command = (await page.locator('pre').first().innerText()).replaceAll('\\\n', ' ');
    const [, url = '', body = ''] = /POST (\S+) .*-d '(.*)'/s.exec(command) ?? [];
    const { service } = started;
    expect(url).toBe(`${(await service.ready).api}/snapshots`);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body.replace('{"config"', '{"bot_id": "first", "config"'),
    });
    expect(response.status).toBe(201);
    await page.reload();
    await arrived(page);
    expect(await page.locator('main').innerText()).toContain('Baseline');
  });

  test('which settings earn more? The overview says what to do, and a click shows why', async () => {
    await playFortnight(started.send, midnight, () => {});
    const { page } = await started.open();
    await click(page, 'link', 'default');
    const { verdict } = await started.get('/comparison');
    expect(await page.locator('.decision').innerText()).toContain(verdict.summary.split('. ')[0]);
    await click(page, 'link', 'Compare');
    await page.getByRole('heading', { name: 'Side by side' }).waitFor();
    await page.getByRole('row', { name: 'indicator_weights › rsi 2.5 1.5' }).waitFor();
    const text = await page.locator('main').innerText();
    expect(text).toContain(usd(verdict.expectancy.candidate));
    expect(text).toContain('Without the best trade of the new settings');
  });

  test('why did this trade lose? Its pieces add up, and a wrong fee is corrected with a reason', async () => {
    const { page, show } = await started.open();
    await show('trades?trigger=stop_loss');
    await page.locator('.rows tbody a').first().click();
    await arrived(page);
    const trade_id = new URLSearchParams(page.url().split('?').at(-1)).get('trade');
    const before = await started.get(`/trades/${trade_id}`);
    expect(before.pnl_usd).toBeLessThan(0);
    const shown = await page.locator('main').innerText();
    for (const { opening_fill_id } of before.allocations) expect(shown).toContain(opening_fill_id);
    expect(shown).toContain('stop_loss');

    const fill = before.fills.at(-1);
    await page
      .getByRole('row', { name: new RegExp(`^${fill.fill_id} `) })
      .getByRole('button', { name: 'Correct' })
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Fee, USD').fill('1.25');
    await dialog.getByRole('button', { name: 'Correct' }).click();
    // The service refuses a correction without a reason, and the dialog says so.
    expect(await dialog.getByRole('alert').innerText()).toMatch(/reason/);
    await dialog.getByLabel('Reason').fill('The exchange charged more');
    await dialog.getByRole('button', { name: 'Correct' }).click();
    await closed(page);
    const after = await started.get(`/trades/${trade_id}`);
    expect(after.pnl_usd).toBeCloseTo(before.pnl_usd - 1.25 + Number(fill.fee_usd), 9);
    const { corrections } = await started.get(`/fills/corrections?fill_id=${fill.fill_id}`);
    expect(corrections).toMatchObject([{ reason: 'The exchange charged more', after: { fee_usd: '1.25' } }]);
  });

  test('takes the trades of a filter into a spreadsheet', async () => {
    const { page, show } = await started.open();
    await show('trades?trigger=stop_loss');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('trades-default.csv');
    const rows = parse<Record<string, string>>(await readFile(await download.path()), { columns: true, bom: true });
    const { trades } = await started.get('/trades?trigger_type=stop_loss&limit=500');
    expect(rows).toEqual(
      trades.map((trade: object) =>
        Object.fromEntries(Object.entries(trade).map(([name, value]) => [name, String(value ?? '')])),
      ),
    );
    expect(rows.length).toBeGreaterThan(10);

    await show('trades?symbol=NONE-USD');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    expect(await page.getByRole('alert').innerText()).toBe('No closed trade matches.');
  });

  test('takes the change back, after seeing what it changes', async () => {
    const { page, show } = await started.open();
    await show('compare');
    await click(page, 'button', 'Take the change back');
    const dialog = page.getByRole('dialog');
    expect(await dialog.innerText()).toMatch(/indicator_weights › rsi\s+1.5\s+2.5/);
    expect(await dialog.innerText()).toContain('The bot trades with them as soon as it loads them');
    await dialog.getByLabel(/^Notes/).fill('Baseline again: too few trades');
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await closed(page);
    expect(await started.get('/snapshots/current')).toMatchObject({
      notes: 'Baseline again: too few trades',
      config: { indicator_weights: { rsi: 2.5 } },
      rollback_of: expect.any(String),
    });
  });

  test('edits notes, and the earlier ones stay', async () => {
    const { page, show } = await started.open();
    await show('snapshots');
    await click(page, 'button', 'Edit notes');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Notes').fill('Back to the baseline');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await closed(page);
    await page.getByText('Earlier notes').waitFor();
    const { snapshot_id, notes } = await started.get('/snapshots/current');
    expect(notes).toBe('Back to the baseline');
    expect((await started.get(`/snapshots/${snapshot_id}/notes`)).edits).toMatchObject([
      { before: 'Baseline again: too few trades' },
    ]);
  });

  test('starts a test of two settings, follows it, and stops it', async () => {
    const { page, show } = await started.open();
    await show('experiments');
    await click(page, 'button', 'Start a test');
    const dialog = page.getByRole('dialog');
    // It shows what differs, and sends what it shows.
    expect(await dialog.innerText()).toMatch(/indicator_weights › rsi/);
    await dialog.getByLabel('Why should they be better?').fill('Fewer trades, but better ones');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await closed(page);
    await page.getByText('Fewer trades, but better ones').waitFor();
    const [running] = (await started.get('/experiments')).experiments;
    const { config_hash } = await started.get('/snapshots/current');
    expect(running).toMatchObject({
      hypothesis: 'Fewer trades, but better ones',
      design: 'switchback',
      candidate: { config_hash },
    });
    expect(running.baseline.config_hash).not.toBe(config_hash);

    await click(page, 'button', 'Stop the test');
    await page.getByRole('dialog').getByLabel('Reason').fill('I changed my mind');
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    await closed(page);
    expect((await started.get(`/experiments/${running.experiment_id}`)).events).toMatchObject([
      { action: 'stop', reason: 'I changed my mind' },
    ]);
  });

  test('gives the reports of a bot to somebody else, at the hour of their time zone', async () => {
    const { page, show } = await started.open();
    await show('reports?bot=default');
    const recipients = page.getByRole('list', { name: 'Recipients' });
    expect(await recipients.innerText()).toContain('Reports of default go to the recipients of the deployment');
    await click(page, 'button', 'Change recipients of default');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Addresses').fill('ann@example.org, bob@example.org');
    await dialog.getByLabel('Time zone of the report hour').fill('New York');
    await dialog.getByLabel('Quiet from').fill('22:00');
    await dialog.getByLabel('Quiet until').fill('07:30');
    await dialog.getByRole('button', { name: 'Save' }).click();
    expect(await dialog.getByRole('alert').innerText()).toMatch(/^time_zone /);
    await dialog.getByLabel('Time zone of the report hour').fill('America/New_York');
    await dialog.getByLabel('Quiet until').fill('7');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('quiet_hours/until must be a time of day such as 22:30').waitFor();
    await dialog.getByLabel('Quiet until').fill('07:30');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await closed(page);
    await page
      .getByText('to ann@example.org and bob@example.org, by the clock of America/New_York, never from 22:00 to 07:30')
      .waitFor();
    const { bots } = await started.get('/bots');
    expect(bots.find(({ bot_id }: { bot_id: string }) => bot_id === 'default')).toMatchObject({
      recipients: ['ann@example.org', 'bob@example.org'],
      time_zone: 'America/New_York',
      quiet_hours: { from: '22:00', until: '07:30' },
    });
    await show('reports');
    expect(await recipients.innerText()).toContain('All other bots: one report to the recipients of the deployment');

    await click(page, 'button', 'Change recipients of default');
    await dialog.getByLabel('Addresses').fill('');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await closed(page);
    expect((await started.get('/bots')).bots.map(({ recipients }: { recipients: unknown }) => recipients)).toEqual([
      null,
      null,
    ]);
  });

  test('reads that the service is gone, next to its last figures', async () => {
    const { page, show } = await started.open();
    // The timers of the page, which asks again after a while.
    await page.clock.install();
    await show('days');
    started.service.killGroup('SIGKILL');
    await started.service.ended;
    const notice = page.getByText('The service does not answer.');
    await vi.waitUntil(() => page.clock.fastForward(5000).then(() => notice.isVisible()), { timeout: 50_000 });
    expect(await page.locator('.calendar').isVisible()).toBe(true);
  });
});
