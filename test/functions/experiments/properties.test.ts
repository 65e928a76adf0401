import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  firstBorder,
  instantOf,
  lengths,
  localDate,
  nextBorder,
} from '../../../functions/experiments/schedule/borders.ts';
import { scheduleOf } from '../../../functions/experiments/schedule/schedule.ts';
import { shortfalls } from '../../../functions/experiments/verdict/gates.ts';
import { looksOf, settledBy } from '../../../functions/experiments/verdict/looks.ts';
import type { EndedPair } from '../../../functions/experiments/verdict/pair.ts';
import { verdictOf } from '../../../functions/experiments/verdict/verdict.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { BREAKEVEN_USD } from '../../support/reference.ts';
import { type SlowTrade, slowReading } from './slow.ts';

const START = '2026-01-01';

/** P&L in cents: usual amounts, equal ones, and huge outliers. */
const pnl = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -500, max: 500 }) },
  { weight: 2, arbitrary: fc.constantFrom(100, -100) },
  { weight: 1, arbitrary: fc.integer({ min: -5_000_000, max: 5_000_000 }) },
);
/** A trade: its arm, P&L, and days after its pair until it closes, before or after the pair settles. */
const trade = fc.record({
  arm: fc.constantFrom(0 as const, 1 as const),
  cents: pnl,
  late: fc.integer({ min: -1, max: 4 }),
});
/** Pairs of one-day blocks, some of them empty. */
/** Few trades, and many: the latter pass the gates. */
const histories = fc.oneof(historyOf(0, 1), historyOf(6, 9));

function historyOf(leastTrades: number, leastPairs: number) {
  const traded = fc.array(trade, { minLength: leastTrades, maxLength: 16 });
  const pair = fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 9, arbitrary: traded });
  return fc.array(pair, { minLength: leastPairs, maxLength: 16 });
}

const settlesOn = (pair: number) => dayAfter(START, 2 * pair - 1);

function tradesOf(history: readonly (readonly { arm: 0 | 1; cents: number; late: number }[])[]): SlowTrade[] {
  return history.flatMap((trades, i) =>
    trades.map(({ arm, cents, late }) => ({
      pair: i + 1,
      arm,
      pnl: cents / 100,
      closed_on: dayAfter(settlesOn(i + 1), late),
    })),
  );
}

function pairsOf(count: number, trades: readonly SlowTrade[]): EndedPair[] {
  return Array.from({ length: count }, (_, i) => {
    const own = trades.filter(({ pair }) => pair === i + 1);
    const cells = Map.groupBy(own, ({ arm, closed_on }) => `${arm} ${closed_on}`).values();
    return {
      pair: i + 1,
      settles_on: settlesOn(i + 1),
      days: [...cells].map((cell) => ({
        date: cell[0]?.closed_on ?? START,
        arm: cell[0]?.arm === 1 ? ('candidate' as const) : ('baseline' as const),
        trades: cell.length,
        winning: cell.filter((each) => each.pnl > BREAKEVEN_USD).length,
        losing: cell.filter((each) => each.pnl < -BREAKEVEN_USD).length,
        pnl: cell.reduce((sum, each) => sum + each.pnl, 0),
        followed: cell.length,
        held_after: 0,
      })),
    };
  });
}

const near = (actual: number, expected: number, what: string) =>
  expect(Math.abs(actual - expected), `${what}: ${actual} is not ${expected}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(expected)),
  );

describe('for any history', () => {
  test('every look is that of a slow, independent implementation', () => {
    let compared = 0;
    fc.assert(
      fc.property(histories, (history) => {
        const trades = tradesOf(history);
        const pairs = pairsOf(history.length, trades);
        const settles = new Map(pairs.map(({ pair, settles_on }) => [pair, settles_on]));
        let tau2: number | null = null;
        for (const { date, readings } of looksOf({ pairs, block_days: 1, share: 1, through: '9999-12-31' })) {
          const slow = slowReading(trades, settles, { date, tau2 });
          if (slow === null || typeof readings.expectancy !== 'object') {
            expect(slow).toBeNull();
            expect(readings.expectancy).toBe('no_variance');
            continue;
          }
          tau2 = slow.tau2;
          compared += 1;
          for (const what of ['difference', 'variance', 'df', 'ln_e_t', 'ln_e_c', 'tau2'] as const)
            near(readings.expectancy[what], slow[what], what);
        }
      }),
      { numRuns: 250, seed: 16 },
    );
    expect(compared).toBeGreaterThan(200);
  });

  test('a look comes exactly when the gates hold', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const pairs = pairsOf(history.length, tradesOf(history));
        const dates = new Set(
          looksOf({ pairs, block_days: 1, share: 1, through: '9999-12-31' }).map(({ date }) => date),
        );
        for (const { settles_on } of pairs)
          expect(dates.has(settles_on)).toBe(shortfalls(settledBy(pairs, settles_on)).length === 0);
      }),
      { numRuns: 200, seed: 17 },
    );
  });

  test('no number of a verdict is NaN or infinite, and what is absent has its reason', () => {
    const arm = { bot_id: 'b', config_hash: 'h', notes: null, snapshot_id: null };
    fc.assert(
      fc.property(histories, fc.constantFrom('switchback' as const, 'parallel' as const), (history, design) => {
        const { verdict, checks, looks } = verdictOf({
          ...{
            design,
            imported: false,
            status: 'running',
            length: '1d',
            share: 1,
            material: 0.05,
            through: '9999-12-31',
          },
          ...{ pairs: pairsOf(history.length, tradesOf(history)), broken_in: ['candidate'] },
          ...{ orders: { candidate_first: 3, pairs: 7 }, arms: { baseline: arm, candidate: arm } },
        });
        JSON.stringify({ verdict, checks, looks }, (_, value) => {
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
          return value;
        });
        if (verdict.expectancy.p === null) expect(verdict.expectancy.reason).not.toBeNull();
        if (verdict.kind === 'not_enough_data') expect(verdict.missing.length).toBeGreaterThan(0);
        expect(verdict.summary).not.toMatch(/NaN|undefined|null/);
      }),
      { numRuns: 200, seed: 18 },
    );
  });

  test('identical trades are no evidence: the variance is missing, also where rounding leaves a trace of one', () => {
    const same = Array.from({ length: 12 }, () =>
      Array.from({ length: 8 }, (_, i) => ({ arm: (i % 2) as 0 | 1, cents: i < 4 ? 110 : -110, late: 0 })),
    );
    const verdict = verdictOf({
      ...{
        design: 'switchback',
        imported: false,
        status: 'running',
        length: '1d',
        share: 1,
        material: 0.05,
        through: '9999-12-31',
      },
      ...{ pairs: pairsOf(12, tradesOf(same)), broken_in: [], orders: { candidate_first: 6, pairs: 12 } },
      arms: {
        baseline: { bot_id: 'b', config_hash: 'a', notes: null, snapshot_id: null },
        candidate: { bot_id: 'b', config_hash: 'c', notes: null, snapshot_id: null },
      },
    }).verdict;
    expect(verdict).toMatchObject({
      kind: 'not_enough_data',
      missing: [{ arm: 'both', what: 'variance', has: 0, needs: 1 }],
    });
  });
});

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/Havana',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Asia/Beirut',
  'Pacific/Apia',
];
const instants = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2026-12-31') });
const schedules = fc.record({
  zone: fc.constantFrom(...zones),
  length: fc.constantFrom(...lengths),
  starts: instants,
  events: fc.array(fc.record({ after: fc.integer({ min: 0, max: 40 * 86_400_000 }), now: fc.boolean() }), {
    maxLength: 4,
  }),
});

describe('for any zone, length and pauses', () => {
  test('blocks begin at the same local times, one after the other, and never change once they have ended', () => {
    fc.assert(
      fc.property(schedules, ({ zone, length, starts, events }) => {
        const border = firstBorder(zone, starts, length);
        expect(instantOf(zone, border)).toBeGreaterThanOrEqual(starts);
        const base = {
          seed: '00112233445566778899aabbccddeeff',
          bot_id: 'b',
          zone,
          length,
          starts: border,
          most_days: 60,
        };
        let at = starts;
        const played = events.map(({ after, now }, i) => {
          at += after;
          return { action: i % 2 === 0 ? ('pause' as const) : ('resume' as const), at, now };
        });
        const whole = scheduleOf({ ...base, events: played });
        for (const [
          i,
          {
            pair,
            blocks: [first, second],
            broken_in,
          },
        ] of whole.entries()) {
          expect(pair).toBe(i + 1);
          expect(first.until).toBe(second.from);
          expect(first.from).toBeLessThan(first.until);
          const last = whole[i - 1];
          if (last?.broken_in === null) expect(first.from).toBeGreaterThanOrEqual(last.blocks[1].until);
          if (broken_in !== null) expect(played.some((event) => event.action === 'pause' && event.now)).toBe(true);
          const hour = nextBorder(nextBorder({ date: localDate(zone, first.from), hour: 0 }, '1d'), '1d');
          expect(hour.hour).toBe(0);
        }
        for (const [n, event] of played.entries()) {
          const before = scheduleOf({ ...base, events: played.slice(0, n) });
          const ended = before.filter(({ blocks }) => blocks[1].until <= event.at);
          expect(whole.slice(0, ended.length)).toEqual(ended);
        }
      }),
      { numRuns: 300, seed: 19 },
    );
  });
});
