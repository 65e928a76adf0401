import { describe, expect, test } from 'vitest';
import { daysToPass } from '../../../../functions/comparison/verdict/gates.ts';
import { type Look, looksOf } from '../../../../functions/comparison/verdict/looks.ts';
import { paceOf } from '../../../../functions/comparison/verdict/verdict.ts';
import { dayAfter } from '../../../../functions/summaries/days.ts';
import { days, month } from './arms.ts';

describe('the looks', () => {
  // A → B → A: the baseline trades again while the candidate does.
  const before = days(Array(10).fill(10), month(0, 10));
  const again = days(
    Array(10).fill(30),
    month(-20, 10).map((usd) => usd * 9),
    '2026-01-21',
  );
  const since = days(Array(20).fill(10), month(1, 20), '2026-01-11');
  const looks = looksOf({ baseline: [...before, ...again], candidate: since, share: 1 });

  test('are one per day, although both arms trade on it', () => {
    expect(looks.map(({ date }) => date)).toEqual(Array.from({ length: 14 }, (_, i) => dayAfter('2026-01-17', i)));
  });

  test('keep the width of the first one when the baseline trades on', () => {
    const [first] = looksOf({ baseline: before, candidate: since, share: 1 });
    const widths = (look: Look | undefined) =>
      Object.values(look?.readings ?? {}).map((reading) => (typeof reading === 'object' ? reading.tau2 : reading));
    expect(looks.map(widths)).toEqual(looks.map(() => widths(first)));
  });
});

describe('the pace', () => {
  const since = (from: string, count: number) => days(Array(count).fill(1), [], from);

  test('is the share of the last fourteen days with trades', () => {
    // 17 to 30 January are fourteen days.
    expect(paceOf(since('2026-01-01', 30), '2026-01-01', '2026-01-30')).toBe(1);
    expect(paceOf(since('2026-01-01', 17), '2026-01-01', '2026-01-30')).toBe(1 / 14);
    expect(paceOf(since('2026-01-01', 16), '2026-01-01', '2026-01-30')).toBe(0);
    expect(paceOf(since('2026-01-30', 2), '2026-01-01', '2026-01-30')).toBe(1 / 14);
  });

  test('counts from the start of a young arm, and is nothing before it', () => {
    expect(paceOf(since('2026-01-27', 2), '2026-01-27', '2026-01-30')).toBe(1 / 2);
    expect(paceOf([], '2026-01-31', '2026-01-30')).toBe(0);
  });
});

describe('the days until an arm passes the gates', () => {
  const passing = days(Array(10).fill(10), month(0, 10));

  test('are those of the gate that takes longest at its pace', () => {
    // 3 of 7 days; 12 of 30 trades, which are 4.5 more days; 6 of 10 winners and losers.
    const young = days([4, 4, 4], [1, 2, 3]);
    expect(daysToPass({ baseline: passing, candidate: young }, 'candidate')).toBe(5);
    expect(daysToPass({ baseline: passing, candidate: young }, 'baseline')).toBe(0);
    const slow = days([20, 20, 20], [1, 2, 3]);
    expect(daysToPass({ baseline: passing, candidate: slow }, 'candidate')).toBe(4);
  });

  test('are unknown while it has nothing of what it lacks', () => {
    const losing = passing.map((each) => ({ ...each, winning: 0, losing: 10 }));
    expect(daysToPass({ baseline: passing, candidate: losing }, 'candidate')).toBeNull();
  });
});
