import { expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

process.env.DASHBOARD_URL = 'https://page.example.com/';
const { call } = await startService();

test('a report links to the page, at the bot and the day, in HTML and in text', async () => {
  const bot_id = 'a bot & <b>';
  await call('POST /snapshots', { body: { bot_id, config: { a: 1 }, active_from: '2026-02-01T00:00:00Z' } });
  const query = { bot_id, date: '2026-02-03' };
  const html = String((await call('GET /report', { query })).body);
  const compare = 'https://page.example.com/#/compare?bot=a+bot+%26+%3Cb%3E';
  expect(html).toContain(`<a href="${compare}"`);
  expect(html).toContain('https://page.example.com/#/days?bot=a+bot+%26+%3Cb%3E&amp;day=2026-02-03');
  const text = String((await call('GET /report', { query: { ...query, format: 'text' } })).body);
  expect(text).toContain(`Compare the settings: ${compare}\n`);
});
