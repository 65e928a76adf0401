import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, expect, test } from 'vitest';
import { channelsIn } from '../../../../functions/report/channels/addresses.ts';
import type { DailyReport, WeeklyReview } from '../../../../functions/report/contract.ts';
import { LONGEST_MESSAGE, messageOf } from '../../../../functions/report/delivery/message.ts';
import { messenger } from '../../../../functions/runtime/messenger.ts';
import { startChannelServices } from '../../../support/channel-services.ts';
import { startService } from '../../../support/service.ts';

const channels = await startChannelServices();
const { call } = await startService();
const logger = new Logger({ logLevel: 'SILENT' });
const textOf = async (query: Record<string, string>) => {
  const report = (await call('GET /report', { query: { ...query, format: 'json' } })).body as
    | DailyReport
    | WeeklyReview;
  return (await messageOf(report, logger)).text;
};

test('a service that never answers may have taken the message: it is asked once', async () => {
  channels.telegram.treat('stay silent');
  const [channel] = channelsIn(channels.urls.telegram);
  if (!channel) throw new Error('no channel');
  const message = { kind: 'daily', date: '2026-02-05', text: 'text', chart: null } as const;
  expect(await messenger({ timeoutMs: 200 }).send(channel, message)).toEqual({
    status: 'unknown',
    message_id: null,
    error: 'no answer (TimeoutError)',
  });
  expect(channels.telegram.calls()).toBe(1);
});

test('of no bot, a message says so', async () => {
  expect(await textOf({ date: '2026-01-01' })).toBe(
    'Strategy report, Thursday, 1 January 2026\nNo bot has reported anything yet.',
  );
});

test('of many bots, a message has at most 600 characters: the most urgent, and how many more', async () => {
  for (let i = 0; i < 30; i += 1) {
    const bot_id = `${'long-name-of-a-bot-'.repeat(3)}${i}`;
    await call('POST /snapshots', { body: { bot_id, config: {}, active_from: '2026-03-01T00:00:00Z' } });
    if (i < 29) continue;
    const fill = { bot_id, symbol: 'A-USD', size: '1', fee_usd: '0' };
    await call('POST /fills', {
      body: [
        { ...fill, fill_id: 'b', order_id: 'b', side: 'buy', price: '10', filled_at: '2026-03-02T10:00:00Z' },
        { ...fill, fill_id: 's', order_id: 's', side: 'sell', price: '11', filled_at: '2026-03-02T11:00:00Z' },
      ],
    });
  }
  for (const kind of ['daily', 'weekly']) {
    const text = await textOf({ date: '2026-03-02', kind });
    expect(text.length).toBeGreaterThan(300);
    expect([...text].length).toBeLessThanOrEqual(LONGEST_MESSAGE);
    const [, first = '', ...more] = text.split('\n');
    expect(first).toMatch(/^long-name-of-a-bot-long…: too early to say; \$1\.00, 1 trade, 100\.0 % won\.$/);
    expect(more.at(-1)).toBe(`And ${30 - more.length} more bots: see the full report.`);
  }
});
afterAll(() => channels.telegram.close());
