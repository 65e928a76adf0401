import { describe, expect, test } from 'vitest';
import { pairOf } from '../../../../functions/comparison/pairing.ts';
import type { SnapshotOfArm } from '../../../../functions/comparison/store.ts';
import { verdictOf } from '../../../../functions/comparison/verdict/verdict.ts';
import { baseline, candidate, input, month } from './arms.ts';

describe('the pair', () => {
  const history = (hashes: string): SnapshotOfArm[] =>
    [...hashes].map((config_hash, i) => ({
      snapshot_id: `${config_hash}${i + 1}`,
      config_hash,
      started_on: '2026-01-01',
      through: '2026-01-31',
      traded: config_hash !== 'x',
    }));
  const defaultPair = (hashes: string) => {
    const snapshots = history(hashes);
    return pairOf(snapshots, { candidate: snapshots.at(-1)!, baseline: undefined });
  };

  test.each([
    { hashes: 'AB', baseline: 'A1', share: 1 },
    { hashes: 'ABA', baseline: 'B2', share: 1 },
    { hashes: 'AxB', baseline: 'A1', share: 2 },
    { hashes: 'ABAB', baseline: 'A3', share: 1 },
    { hashes: 'ABAC', baseline: 'A3', share: 2 },
    { hashes: 'ABACAD', baseline: 'A5', share: 3 },
  ])(
    'of $hashes is the last snapshot and the latest other one before it, as candidate number $share',
    ({ hashes, baseline, share }) => {
      expect(defaultPair(hashes)).toMatchObject({ baseline: { snapshot_id: baseline }, share, exploratory: false });
    },
  );

  test('counts the candidates up to it, and none that came later', () => {
    const snapshots = history('ABACAD');
    expect(pairOf(snapshots, { candidate: snapshots[3]!, baseline: undefined })).toMatchObject({ share: 2 });
  });

  test('is null while there is only one configuration', () => expect(defaultPair('A')).toBeNull());

  test('is exploratory when it is not the default one', () => {
    const snapshots = history('ABC');
    expect(pairOf(snapshots, { candidate: snapshots[2]!, baseline: snapshots[0]! })).toMatchObject({
      exploratory: true,
    });
  });
});

test('the j-th candidate has its share of α, and its p-value is multiplied by j(j+1)/2', () => {
  const one = verdictOf(input({ baseline, candidate: candidate(month(0.6, 9)) }));
  const third = verdictOf(input({ baseline, candidate: candidate(month(0.6, 9)), share: 3 }));
  expect(third.alpha).toBeCloseTo(0.1 / 12, 12);
  expect(third.expectancy.p).toBeCloseTo(Math.min(1, (one.expectancy.p ?? 1) * 6), 12);
  expect(third.labels).toContain('shared_alpha');
});
