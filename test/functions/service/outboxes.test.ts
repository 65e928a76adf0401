import { describe, expect, test } from 'vitest';
import { watchBots } from '../../../functions/summaries/watch.ts';
import { playTrades, saveSettings } from '../../support/playing.ts';
import { startService } from '../../support/service.ts';

const service = await startService();
const { call, database } = service;
const report = (bot_id: string, more: object = {}) =>
  call('POST /outboxes', { body: { bot_id, waiting: 0, refused: 0, at: '2026-04-02T08:00:00Z', ...more } });
const bot = async (bot_id: string) =>
  (await call('GET /bots')).body.bots.find((each: { bot_id: string }) => each.bot_id === bot_id);

describe('what a client reports about its outbox', () => {
  test('is in the list of bots, also of a bot whose every record was refused', async () => {
    expect((await report('new', { refused: 3, waiting: 2, last_refusal: 'it has no price' })).body).toEqual({
      bot_id: 'new',
      waiting: 2,
      refused: 3,
      turned_away: 0,
      damaged: 0,
      last_refusal: 'it has no price',
      at: '2026-04-02T08:00:00Z',
    });
    expect(await bot('new')).toMatchObject({ waiting_records: 2, lost_records: 3, outbox_at: '2026-04-02T08:00:00Z' });
  });

  test('is the latest: an earlier report that arrives later changes nothing, and repeating one neither', async () => {
    await report('latest', { refused: 1 });
    await report('latest', { refused: 1 });
    await report('latest', { refused: 9, at: '2026-04-01T08:00:00Z' });
    expect(await bot('latest')).toMatchObject({ lost_records: 1 });
    await report('latest', { refused: 0, at: '2026-04-03T08:00:00Z' });
    expect(await bot('latest')).toMatchObject({ lost_records: 0 });
    expect(await bot('latest')).toHaveProperty('outbox_at', '2026-04-03T08:00:00Z');
  });

  test('is refused when it lies in the future, or has no counts', async () => {
    expect((await report('latest', { at: '2999-01-01T00:00:00Z' })).status).toBe(400);
    expect((await report('latest', { refused: -1 })).status).toBe(400);
    expect((await call('POST /outboxes', { body: { bot_id: 'latest' } })).status).toBe(400);
  });

  test('reaches the owner when records are missing: in the report, and in the metric of the alarm', async () => {
    const bot_id = 'trading';
    await saveSettings(service, { bot_id, from: '2026-04-01', notes: 'first', config: { a: 1 } });
    await playTrades(service, { bot_id, from: '2026-04-01', days: 1, pnl: () => [1] });
    const text = async () =>
      (await call('GET /report', { query: { bot_id, date: '2026-04-01', format: 'text' } })).body.replaceAll(
        /\s+/g,
        ' ',
      );
    expect(await text()).not.toContain('What to fix');
    await report(bot_id, { refused: 2, last_refusal: 'a price of 0' });
    expect(await text()).toContain('The service refused 2 records of the bot, the last because: a price of 0.');
    expect((await watchBots(database, { date: '2026-04-01', bots: [bot_id] }, [])).losing).toContain(bot_id);
    await report(bot_id, { turned_away: 1, damaged: 4, at: '2026-04-02T09:00:00Z' });
    expect(await text()).toContain(
      '1 record found no room in the bot’s outbox. 4 records were damaged in the bot’s outbox.',
    );
    await report(bot_id, { at: '2026-04-02T10:00:00Z' });
    expect(await text()).not.toContain('What to fix');
    expect((await watchBots(database, { date: '2026-04-01', bots: [bot_id] }, [])).losing).not.toContain(bot_id);
  });
});
