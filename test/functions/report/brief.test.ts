import { expect, test, vi } from 'vitest';
import type { Chart } from '../../../functions/report/charts/chart.ts';
import { startService } from '../../support/service.ts';
import { armsOfX } from '../experiments/pairs.ts';
import { configs, playPairs, SEED } from '../experiments/play.ts';

// Drawing takes most of the time of a report, and is tested elsewhere.
vi.mock('../../../functions/report/charts/png.ts', () => ({
  pngOf: async (chart: Chart) => Buffer.from(chart.svg()),
}));

const { call, sql, ...service } = await startService();

const report = async (query: Record<string, string>) => (await call('GET /report', { query })).body;

test('a test of the day comes instead of before and after, with its own figures and interval', async () => {
  await playPairs({ call, sql, ...service }, 'default', armsOfX);
  const [baseline] = await sql<{ snapshot_id: string }>(
    "SELECT snapshot_id FROM strategy_snapshots WHERE notes = 'baseline' LIMIT 1",
  );
  await call('POST /experiments', {
    body: {
      ...{
        design: 'switchback',
        baseline: baseline?.snapshot_id,
        candidate: { config: configs.candidate, notes: 'new' },
      },
      ...{ imported: true, seed: SEED, starts_on: '2026-01-01', length: '1d', most_days: 24 },
    },
  });
  const text: string = await report({ date: '2026-01-24', format: 'text', bot_id: 'default' });
  expect(text).toMatch(/^>> Test, ended: Keep the new settings: /m);
  expect(text).not.toMatch(/^>> (?!Test)/m);
  expect(text).toMatch(/P&L per trade +-\$0\.02 +\$0\.77\n/);
  expect(text).toContain('Difference per trade: $0.85, likely range $0.11 to $1.59.');
  expect(text).toMatch(/^[.|=o-]{50}$/m);
  const full: string = await report({ date: '2026-01-24', format: 'text', bot_id: 'default', detail: 'full' });
  expect(full).toContain('Evidence that there is a difference: 33 to 1 by the t test, 52 to 1 by the coin test.');
});

test('of thirty bots there is a line each, and sections only of those with a decision or a problem', async () => {
  const bots = Array.from({ length: 30 }, (_, i) => `quiet-${String(i).padStart(2, '0')}`);
  for (const bot_id of bots) {
    await call('POST /snapshots', {
      body: {
        bot_id,
        config: { a: 1 },
        notes: 'steady',
        active_from: '2026-03-01T00:00:00Z',
        // So that the report has few days to bring up to date.
        active_until: '2026-03-03T00:00:00Z',
      },
    });
    const fill = { bot_id, symbol: 'BTC-USD', size: '1', fee_usd: '0' };
    const orders = bot_id === 'quiet-07' ? [] : ['b', 's'].map((order_id) => ({ bot_id, order_id, trigger: 'score' }));
    if (orders.length > 0) await call('POST /trade-links', { body: orders });
    await call('POST /fills', {
      body: [
        { ...fill, fill_id: 'b', order_id: 'b', side: 'buy', price: '10', filled_at: '2026-03-02T10:00:00Z' },
        { ...fill, fill_id: 's', order_id: 's', side: 'sell', price: '11', filled_at: '2026-03-02T11:00:00Z' },
      ],
    });
  }
  const text: string = await report({ date: '2026-03-02', format: 'text' });
  for (const bot_id of bots) expect(text).toContain(`${bot_id}: steady`);
  const sections = [...text.matchAll(/^Bot (.+)$/gm)].map(([, name]) => name);
  expect(sections).toContain('quiet-07');
  expect(sections).not.toContain('quiet-08');
  expect(text).toContain('No order is linked to its signal:');
});
