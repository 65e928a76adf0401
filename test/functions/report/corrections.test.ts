import { expect, test } from 'vitest';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { startMailService } from '../../support/mail-service.ts';
import { startService } from '../../support/service.ts';

const mail = await startMailService();
const service = await startService({ ses: mail.url });

/** Six closed trades of a day: P&L that goes up and down around a mean, winners and losers in each. */
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

test('a late correction that changes a mailed decision is said in the next report', async () => {
  const [first, change, last] = ['2026-03-01', '2026-03-15', '2026-03-24'];
  const post = (body: unknown, route = 'POST /fills') => service.call(route, { body });
  const report = async (date: string) =>
    (await service.call('GET /report', { query: { date, format: 'json' } })).body.bots[0];
  await post({ config: { rsi: 2.5 }, active_from: `${first}T00:00:00Z` }, 'POST /snapshots');
  await post({ config: { rsi: 1.5 }, active_from: `${change}T00:00:00Z` }, 'POST /snapshots');
  for (let date = first; date <= last; date = dayAfter(date)) await post(tradesOf(date, date < change ? 0 : 1.2));

  await service.fire('daily-report', `${dayAfter(last)}T07:00:00Z`);
  const mailed = (await report(last)).verdict;
  expect(mailed).toMatchObject({ kind: 'keep', labels: ['observational'] });
  expect((await report(last)).correction).toBeNull();

  const loss = { symbol: 'ETH-USD', size: '1', fee_usd: '0', order_id: 'late-b' };
  await post([
    { ...loss, fill_id: 'late-b', side: 'buy', price: '400', filled_at: '2026-03-16T08:00:00Z' },
    { ...loss, fill_id: 'late-s', order_id: 'late-s', side: 'sell', price: '100', filled_at: '2026-03-16T09:00:00Z' },
  ]);
  const next = await report(dayAfter(last));
  expect(next.correction).toBe(
    `The report of ${last} said “keep” of ${mailed.decided_on}. Late changes to its days make that “keep running”.`,
  );
  expect((await service.call('GET /report', { query: { date: dayAfter(last), format: 'text' } })).body).toContain(
    next.correction,
  );
  expect(await service.sql('SELECT verdict, p < 0.05 AS sure FROM mailed_verdicts')).toEqual([
    { verdict: 'keep', sure: true },
  ]);
});
