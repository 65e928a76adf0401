import { Logger } from '@aws-lambda-powertools/logger';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Plan, Target } from '../../../functions/comparison/contract.ts';
import type { Verdict } from '../../../functions/comparison/verdict/contract.ts';
import { summaryOf } from '../../../functions/comparison/verdict/summary.ts';
import { usd } from '../../../functions/formatting.ts';
import type { DailyReport } from '../../../functions/report/contract.ts';
import { messageOf } from '../../../functions/report/delivery/message.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { startService } from '../../support/service.ts';

vi.mock('../../../functions/report/charts/drawn.ts', () => ({ drawCharts: async () => [] }));

const { call } = await startService();
const DAYS = { first: 10, others: 9, again: 5 };
const yesterday = dayAfter(new Date().toISOString().slice(0, 10), -1);
const first = dayAfter(yesterday, 1 - DAYS.first - DAYS.others - DAYS.again);
let [verdict, targets, plan, report] = [{} as Verdict, [] as Target[], {} as Plan, {} as DailyReport];

beforeAll(async () => {
  let day = first;
  const play = async (days: number, mean: number) => {
    for (let i = 0; i < days; i += 1) {
      const fills = [-1, 1, -0.6, 0.8, 0.4].flatMap((spread, n) => {
        const fill = { symbol: 'A-USD', size: '1', fee_usd: '0', position_id: `${day}-${n}` };
        const pnl = mean + spread * (1 + (i % 3));
        return [
          {
            ...fill,
            fill_id: `${day}-${n}-b`,
            order_id: `${day}-${n}-b`,
            side: 'buy',
            price: '100',
            filled_at: `${day}T0${n}:00:00Z`,
          },
          {
            ...fill,
            fill_id: `${day}-${n}-s`,
            order_id: `${day}-${n}-s`,
            side: 'sell',
            price: (100 + pnl).toFixed(4),
            filled_at: `${day}T0${n}:30:00Z`,
          },
        ];
      });
      await call('POST /fills', { body: fills });
      day = dayAfter(day);
    }
  };
  const save = (rsi: number) =>
    call('POST /snapshots', { body: { config: { rsi }, notes: `RSI weight ${rsi}`, active_from: `${day}T00:00:00Z` } });
  await save(2.5);
  await play(DAYS.first, 0.1);
  await save(1.5);
  await play(DAYS.others, 0.02);
  await save(2.5);
  await play(DAYS.again, 0.1);
  await call('POST /summaries', { body: { from: first, to: yesterday } });
  ({ verdict, targets } = (await call('GET /comparison')).body);
  plan = (await call('GET /comparison/plan', { query: { effect: '0.01' } })).body;
  report = (await call('GET /report', { query: { format: 'json' } })).body;
});

describe('after A, B and A again', () => {
  test('A is compared with B, in both of its periods and under its own name', () => {
    expect(verdict.candidate).toMatchObject({
      notes: 'RSI weight 2.5',
      snapshot_ids: [expect.any(String), expect.any(String)],
    });
    expect(verdict.baseline).toMatchObject({ notes: 'RSI weight 1.5' });
    expect(verdict.days).toEqual({ baseline: DAYS.others, candidate: DAYS.first + DAYS.again });
    expect(verdict.summary).not.toContain('first configuration');
  });

  test('compare, mail and message have one verdict, and one smallest difference that can be decided', async () => {
    const [bot] = report.bots;
    expect(bot?.verdict).toEqual(verdict);
    expect(bot?.targets).toEqual(targets);
    expect(verdict.smallest_effect_usd).toBeGreaterThan(0.05);
    const smallest = `a difference under ${usd(verdict.smallest_effect_usd)} per trade cannot show`;
    expect(verdict.summary).toContain(smallest);
    expect(summaryOf(verdict)).toBe(verdict.summary);
    for (const detail of ['brief', 'full'])
      expect((await call('GET /report', { query: { format: 'text', detail } })).body).toContain(smallest);
    expect((await messageOf(report, new Logger({ logLevel: 'SILENT' }))).text).toContain(smallest);
  });

  test('the plan is about another baseline, and says so', () => {
    expect(plan.baseline?.config_hash).toBe(verdict.candidate?.config_hash);
    expect(plan.baseline?.snapshot_ids).toEqual(verdict.candidate?.snapshot_ids);
    expect(plan.smallest_effect_usd).not.toBe(verdict.smallest_effect_usd);
    expect(plan.summary).toMatch(/^With the active settings as the baseline of the next change, /);
    expect(plan.summary).toContain(`The smallest difference that can be decided is ${usd(plan.smallest_effect_usd)}.`);
  });

  test('targets are about the trades that they stand next to: those of both periods', async () => {
    const target = (name: string) => targets.find((each) => each.name === name)?.value;
    expect(verdict.trades.candidate).toBe(5 * (DAYS.first + DAYS.again));
    expect(target('expectancy')).toBe(verdict.expectancy.candidate);
    expect(target('win rate')).toBe(verdict.win_rate.candidate);
    expect(target('profit factor')).toBe(verdict.profit_factor.candidate);
    expect(target('fast exits')).toBe(verdict.fast_exit_rate.candidate);
    const [active] = report.bots[0]?.strategies ?? [];
    expect(active?.avg_expectancy).not.toBe(verdict.expectancy.candidate);
    const text = (await call('GET /report', { query: { format: 'text', detail: 'full' } })).body;
    expect(text).toContain('Targets of the active settings: ');
  });
});
