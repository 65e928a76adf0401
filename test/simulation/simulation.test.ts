import { expect, test } from 'vitest';
import { outcomeOf } from './runs.ts';
import type { World } from './world.ts';

const world: World = { baselineDays: 14, tradesADay: 12, dayShock: 0.3, spread: 'symmetric', effect: 0 };

test('where nothing differs, 90 daily looks decide less than they claim, and a daily t-test fires often', () => {
  const { decided, tTest } = outcomeOf(world, { histories: 60, seed: 7 });
  expect(decided).toBeLessThanOrEqual(0.05);
  expect(tTest).toBeGreaterThan(0.2);
});

test('where the candidate earns half a standard deviation more, most histories decide', () => {
  const { decided, medianDays } = outcomeOf({ ...world, dayShock: 0, effect: 0.5 }, { histories: 40, seed: 7 });
  expect(decided).toBeGreaterThan(0.85);
  expect(medianDays).toBeLessThan(60);
});
