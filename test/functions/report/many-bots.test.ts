import { expect, test, vi } from 'vitest';
import type { Chart } from '../../../functions/report/charts/chart.ts';
import { startMailService } from '../../support/mail-service.ts';
import { playTrades, saveSettings } from '../../support/playing.ts';
import { startService } from '../../support/service.ts';

vi.mock('../../../functions/report/charts/png.ts', () => ({
  pngOf: async (chart: Chart) => Buffer.from(chart.svg()),
}));

const mail = await startMailService();
const service = await startService({ ses: mail.url });
const DAY = '2026-03-02';

test('a mail of more bots than it has room for has those that traded, and says how many it leaves out', async () => {
  await service.sql(
    "INSERT INTO bots (bot_id, created_at) SELECT 'idle-' || n, '2026-01-01' FROM generate_series(1, 120) AS n",
  );
  for (const bot_id of ['traded-1', 'traded-2']) {
    await saveSettings(service, { bot_id, from: '2026-03-01', notes: 'steady', config: { rsi: 1 } });
    await playTrades(service, { bot_id, from: DAY, days: 1, pnl: () => [1, 2] });
  }
  expect(await service.fire('daily-report', '2026-03-03T07:00:00Z')).toMatchObject({ date: DAY, sent: 2 });
  const [first] = await mail.mails();
  expect(first?.text).toContain('traded-1: steady');
  expect(first?.text).toContain('traded-2: steady');
  expect(first?.text).toContain('For 22 more bots there is no room in this mail');
  expect(first?.subject).toContain('100 bots');
});
