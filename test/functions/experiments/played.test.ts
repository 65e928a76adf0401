import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Chart } from '../../../functions/report/charts/chart.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { startMailService } from '../../support/mail-service.ts';
import { randomFrom } from '../../support/matching.ts';
import { startService } from '../../support/service.ts';
import { configs } from './play.ts';

// Drawing takes most of the time of a report, and is tested elsewhere.
vi.mock('../../../functions/report/charts/png.ts', () => ({
  pngOf: async (chart: Chart) => Buffer.from(chart.svg()),
}));

const mail = await startMailService();
const service = await startService({ ses: mail.url });
const { call, fire } = service;

const FIRST = '2026-01-10';
const DAYS = 60;
const TRADES = 5;
/** What the candidate earns more per trade, in cents; a trade varies by two dollars either way. */
const BETTER = 80;
const random = randomFrom(11);

/** A bot that follows its assignment, one that ignores it, and one that is down for a day and pauses for a while. */
const bots = ['follower', 'ignorer', 'unlucky'] as const;
const ids = new Map<string, string>();
/** What was traded: the sums that an experiment must show, by bot and block. */
const traded = new Map<string, { trades: number; cents: number }>();

const at = (time: string) => vi.setSystemTime(new Date(time));
const experimentOf = async (bot: string) =>
  (await call('GET /experiments/{experiment_id}', { path: { experiment_id: ids.get(bot) ?? '' } })).body;
const change = (bot: string, action: string, body: object) =>
  call(`POST /experiments/{experiment_id}/${action}`, { path: { experiment_id: ids.get(bot) ?? '' }, body });

function fillsOf(bot_id: string, date: string, cents: readonly number[]): object[] {
  const fill = { bot_id, symbol: 'BTC-USD', size: '1', fee_usd: '0' };
  return cents.flatMap((amount, n) => {
    const id = `${date}-${n}`;
    return [
      {
        ...fill,
        fill_id: `${id}-b`,
        order_id: `${id}-b`,
        side: 'buy',
        price: '100',
        filled_at: `${date}T0${n}:10:00Z`,
      },
      {
        ...{ ...fill, fill_id: `${id}-s`, order_id: `${id}-s`, side: 'sell' },
        ...{ price: (100 + amount / 100).toFixed(2), filled_at: `${date}T0${n}:40:00Z` },
      },
    ];
  });
}

/** A day of a bot: it asks for its assignment, applies it or not, and trades. */
async function playDay(bot: string, date: string): Promise<void> {
  at(`${date}T00:00:30Z`);
  const { body: assignment } = await call('GET /assignment', { query: { bot_id: bot } });
  const arm = bot === 'ignorer' ? 'baseline' : (assignment.arm ?? 'baseline');
  await call('POST /snapshots', {
    body: { bot_id: bot, config: configs[arm as keyof typeof configs], notes: arm, active_from: `${date}T00:00:00Z` },
  });
  at(`${date}T13:00:00Z`);
  if (bot === 'unlucky' && date === dayAfter(FIRST, 9)) return;
  const cents = Array.from({ length: TRADES }, () => random(400) - 200 + (arm === 'candidate' ? BETTER : 0));
  await call('POST /fills', { body: fillsOf(bot, date, cents) });
  traded.set(`${bot} ${date}`, { trades: TRADES, cents: cents.reduce((sum, each) => sum + each, 0) });
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  at(`${dayAfter(FIRST, -1)}T12:00:00Z`);
  for (const bot of bots) {
    await call('POST /snapshots', {
      body: { bot_id: bot, config: configs.baseline, notes: 'baseline', active_from: '2026-01-01T00:00:00Z' },
    });
    const { body } = await call('POST /experiments', {
      body: {
        ...{ bot_id: bot, design: 'switchback', candidate: { config: configs.candidate, notes: 'candidate' } },
        ...{ length: '1d', most_days: DAYS },
      },
    });
    ids.set(bot, body.experiment_id);
  }
  for (let day = 0; day < DAYS; day++) {
    const date = dayAfter(FIRST, day);
    at(`${date}T00:00:30Z`);
    await fire('daily-summary', `${date}T00:05:00Z`);
    for (const bot of bots) await playDay(bot, date);
    if (day === 20) await change('unlucky', 'pause', { now: true, reason: 'the exchange is down' });
    if (day === 22) await change('unlucky', 'resume', {});
    if (day === 40) await change('unlucky', 'pause', { reason: 'holidays' });
  }
  const end = dayAfter(FIRST, DAYS);
  at(`${end}T08:00:00Z`);
  await fire('daily-summary', `${end}T00:05:00Z`);
});
afterAll(() => vi.useRealTimers());

describe('after sixty days', () => {
  test('every block shows what was traded in it', async () => {
    for (const bot of bots)
      for (const { blocks, void: isVoid } of (await experimentOf(bot)).pairs)
        for (const { from, trades, pnl_usd } of blocks) {
          const own = traded.get(`${bot} ${from.slice(0, 10)}`) ?? { trades: 0, cents: 0 };
          if (isVoid === null || trades > 0) expect({ bot, from, trades }).toEqual({ bot, from, trades: own.trades });
          if (trades > 0) expect(pnl_usd).toBeCloseTo(own.cents / 100, 9);
        }
  });

  test('the bot that follows has a decision', async () => {
    const { status, verdict, checks, looks } = await experimentOf('follower');
    expect(status).toBe('ended');
    expect(verdict).toMatchObject({ kind: 'keep', labels: [], pairs: { settled: 29 } });
    expect(checks).toMatchObject({ followed: 100, voids: { pairs: 0 } });
    expect(verdict.decided_on <= looks.at(-1).date).toBe(true);
    expect(verdict.summary).toMatch(/^Keep the new settings: /);
  });

  test('the bot that ignores its assignment has none, and says why', async () => {
    const { verdict, checks } = await experimentOf('ignorer');
    expect(verdict).toMatchObject({ kind: 'not_enough_data', decided_on: null });
    expect(verdict.missing).toContainEqual({ arm: 'both', what: 'followed', has: checks.followed, needs: 75 });
    expect(verdict.labels).toContain('not_followed');
    expect(checks.followed).toBeCloseTo(50, 9);
  });

  test('a day without trades stays; a pause voids or completes the pair, and a new pair begins after it', async () => {
    const { status, pairs, checks, events } = await experimentOf('unlucky');
    expect(status).toBe('ended');
    const day = (date: string) =>
      pairs.find(({ blocks }: { blocks: { from: string }[] }) => blocks.some(({ from }) => from.startsWith(date)));
    expect(day(dayAfter(FIRST, 9))).toMatchObject({ settled: true, void: null });
    expect(day(dayAfter(FIRST, 20))).toMatchObject({ settled: false, void: { reason: 'paused' } });
    expect(day(dayAfter(FIRST, 22))).toBeUndefined();
    expect(day(dayAfter(FIRST, 23)).blocks[0].from).toBe(`${dayAfter(FIRST, 23)}T00:00:00Z`);
    expect(day(dayAfter(FIRST, 40))).toMatchObject({ settled: true, void: null });
    expect(pairs.at(-1).blocks[1].until <= `${dayAfter(FIRST, 42)}T00:00:00Z`).toBe(true);
    expect(checks.voids).toMatchObject({ pairs: 1 });
    expect(events.map(({ action, now }: { action: string; now: boolean }) => [action, now])).toEqual([
      ['pause', true],
      ['resume', false],
      ['pause', false],
    ]);
  });

  test('a late fill changes the decision, and the next report says so', async () => {
    const day = dayAfter(FIRST, DAYS - 1);
    at(`${dayAfter(day)}T09:00:00Z`);
    await fire('daily-report', `${dayAfter(day)}T07:00:00Z`);
    const { pairs, verdict } = await experimentOf('follower');
    const block = pairs[1].blocks.find(({ arm }: { arm: string }) => arm === 'candidate');
    const date = block.from.slice(0, 10);
    const late = { bot_id: 'follower', symbol: 'ETH-USD', size: '1', fee_usd: '0' };
    await call('POST /fills', {
      body: [
        { ...late, fill_id: 'late-b', order_id: 'late-b', side: 'buy', price: '900', filled_at: `${date}T20:00:00Z` },
        { ...late, fill_id: 'late-s', order_id: 'late-s', side: 'sell', price: '100', filled_at: `${date}T21:00:00Z` },
      ],
    });
    at(`${dayAfter(day, 2)}T09:00:00Z`);
    await fire('daily-summary', `${dayAfter(day, 2)}T00:05:00Z`);
    const now = await experimentOf('follower');
    expect(now.verdict.kind).not.toBe(verdict.kind);
    const { body } = await call('GET /report', { query: { bot_id: 'follower', format: 'json' } });
    expect(body.bots[0].correction).toContain(`The verdict on the test in the report of `);
    expect(body.bots[0].correction).toContain(`it is “${now.verdict.kind.replaceAll('_', ' ')}”`);
  });
});
