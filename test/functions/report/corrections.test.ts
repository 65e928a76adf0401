import { expect, test, vi } from 'vitest';
import type { Chart } from '../../../functions/report/charts/chart.ts';
import { dayAfter, shortDay } from '../../../functions/summaries/days.ts';
import { startMailService } from '../../support/mail-service.ts';
import { startService } from '../../support/service.ts';

// Drawing takes most of the time of a report, and is tested elsewhere.
vi.mock('../../../functions/report/charts/png.ts', () => ({
  pngOf: async (chart: Chart) => Buffer.from(chart.svg()),
}));

const mail = await startMailService();
const service = await startService({ ses: mail.url });

/** Six closed trades of a day, winners and losers, whose P&L varies around a mean. */
function tradesOf(date: string, mean: number): object[] {
  const wave = [0.5, -0.4, 0.2, -0.3][Number(date.slice(-1)) % 4] ?? 0;
  return Array.from({ length: 6 }, (_, i) => {
    const id = `${date}-${i}`;
    const price = 100 + mean + wave + (i % 2 === 0 ? 1.5 : -1.5);
    const fill = { symbol: 'BTC-USD', size: '1', fee_usd: '0' };
    return [
      {
        ...fill,
        fill_id: `${id}-b`,
        order_id: `${id}-b`,
        side: 'buy',
        price: '100',
        filled_at: `${date}T0${i}:00:00Z`,
      },
      {
        ...fill,
        fill_id: `${id}-s`,
        order_id: `${id}-s`,
        side: 'sell',
        price: price.toFixed(2),
        filled_at: `${date}T0${i}:30:00Z`,
      },
    ];
  }).flat();
}

test('a decision comes first and is in the subject; a late change that alters it is corrected in the next report', async () => {
  const [first, change, last] = ['2026-03-01', '2026-03-15', '2026-03-24'];
  const post = (body: unknown, route = 'POST /fills') => service.call(route, { body });
  const report = async (date: string) =>
    (await service.call('GET /report', { query: { bot_id: 'default', date, format: 'json' } })).body.bots[0];
  await post({ config: { rsi: 2.5 }, active_from: `${first}T00:00:00Z` }, 'POST /snapshots');
  await post({ config: { rsi: 1.5 }, active_from: `${change}T00:00:00Z` }, 'POST /snapshots');
  for (let date = first; date <= last; date = dayAfter(date)) await post(tradesOf(date, date < change ? 0 : 1.2));
  await post(tradesOf(last, 0).map((fill) => ({ ...fill, bot_id: 'another' })));

  await service.fire('daily-report', `${dayAfter(last)}T07:00:00Z`);
  const mailed = (await report(last)).verdict;
  expect(mailed).toMatchObject({ kind: 'keep', labels: ['observational'] });
  expect((await report(last)).correction).toBeNull();
  const { bots } = (await service.call('GET /report', { query: { date: last, format: 'json' } })).body;
  expect(bots.map(({ bot_id }: { bot_id: string }) => bot_id)).toEqual(['default', 'another']);
  expect((await mail.messages()).map(({ parsed }) => parsed.subject)).toContain(
    'Strategy report 24 March 2026: 2 bots, keep 1 change',
  );

  const loss = { symbol: 'ETH-USD', size: '1', fee_usd: '0', order_id: 'late-b' };
  await post([
    { ...loss, fill_id: 'late-b', side: 'buy', price: '400', filled_at: '2026-03-16T08:00:00Z' },
    { ...loss, fill_id: 'late-s', order_id: 'late-s', side: 'sell', price: '100', filled_at: '2026-03-16T09:00:00Z' },
  ]);
  const next = await report(dayAfter(last));
  expect(next.correction).toBe(
    `The verdict in the report of 24 March 2026 was “keep” of ${shortDay(mailed.decided_on)}. After late changes to its days, it is “keep running”.`,
  );
  expect(
    (await service.call('GET /report', { query: { detail: 'full', date: dayAfter(last), format: 'text' } })).body,
  ).toContain(next.correction);
  expect(await service.sql("SELECT verdict, p < 0.05 AS sure FROM mailed_verdicts WHERE bot_id = 'default'")).toEqual([
    { verdict: 'keep', sure: true },
  ]);
});

test('a day changed by late fills after it was mailed is listed in the next report, and only in that one', async () => {
  const bot_id = 'late';
  const [monday, tuesday, wednesday, thursday] = ['2026-04-06', '2026-04-07', '2026-04-08', '2026-04-09'];
  const trade = (id: string, date: string, price: string) =>
    service.call('POST /fills', {
      body: ['buy', 'sell'].map((side) => ({
        bot_id,
        fill_id: `${id}-${side}`,
        order_id: `${id}-${side}`,
        symbol: 'BTC-USD',
        side,
        size: '1',
        fee_usd: '0',
        price: side === 'buy' ? '100' : price,
        filled_at: `${date}T10:${side === 'buy' ? '00' : '30'}:00Z`,
      })),
    });
  const lateChanges = async (date: string) =>
    (await service.call('GET /report', { query: { bot_id, date, format: 'json' } })).body.bots[0].late_changes;
  const mailed = (date: string) => service.fire('daily-report', `${dayAfter(date)}T07:00:00Z`);

  await service.call('POST /snapshots', { body: { bot_id, config: {}, active_from: `${monday}T00:00:00Z` } });
  await trade('early', monday, '105');
  await mailed(monday);
  await mailed(tuesday);
  expect(await lateChanges(wednesday)).toEqual([]);

  await trade('late', monday, '98');
  expect(await lateChanges(wednesday)).toEqual([
    { date: monday, mailed_trades: 1, mailed_pnl_usd: 5, total_trades: 2, total_pnl_usd: 3 },
  ]);
  expect(
    (await service.call('GET /report', { query: { detail: 'full', bot_id, date: wednesday, format: 'text' } })).body,
  ).toContain('6 April 2026 has changed since it was mailed: from 1 trade, $5.00 to 2 trades, $3.00.');
  await mailed(wednesday);
  expect(await lateChanges(thursday)).toEqual([]);
  expect(
    (await service.call('GET /report', { query: { detail: 'full', bot_id, date: thursday, format: 'text' } })).body,
  ).toContain('No mailed day has changed since the last daily report.');

  for (let date = thursday; date <= '2026-04-20'; date = dayAfter(date)) await mailed(date);
  for (let date = thursday; date <= '2026-04-20'; date = dayAfter(date)) await trade(date, date, '101');
  const text: string = (
    await service.call('GET /report', { query: { detail: 'full', bot_id, date: '2026-04-21', format: 'text' } })
  ).body;
  expect(text.match(/ has changed since it was mailed/g)).toHaveLength(10);
  expect(text).toContain('Earlier days have changed too: see the report as JSON.');
});
