import { expect, test } from 'vitest';
import { designOutcome, designs } from './designs.ts';
import { outcomeOf } from './runs.ts';
import type { World } from './world.ts';

const world: World = { baselineDays: 14, tradesADay: 12, dayShock: 0.3, spread: 'symmetric', effect: 0 };

test('without a difference, 90 daily looks decide less often than claimed, and a daily t-test often', () => {
  const { decided, tTest } = outcomeOf(world, { histories: 60, seed: 7 });
  expect(decided).toBeLessThanOrEqual(0.05);
  expect(tTest).toBeGreaterThan(0.2);
});

test('with a difference of half a standard deviation, most histories are decided', () => {
  const { decided, medianDays } = outcomeOf({ ...world, dayShock: 0, effect: 0.5 }, { histories: 40, seed: 7 });
  expect(decided).toBeGreaterThan(0.85);
  expect(medianDays).toBeLessThan(60);
});

test('in a market with regimes a randomised test hardly errs, where before/after often does', () => {
  const market = { regime: 0.95, tradesADay: 12, effect: 0 };
  const decided = (name: string) => designOutcome(designs[name]!, market, { histories: 30, seed: 7 }).decided;
  expect(decided('before/after')).toBeGreaterThan(0.3);
  expect(decided('alternating, 1 day')).toBeLessThanOrEqual(0.05);
  expect(decided('parallel')).toBeLessThanOrEqual(0.05);
});
