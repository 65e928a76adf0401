import { beforeAll, describe, expect, test } from 'vitest';
import { startService } from '../../support/service.ts';
import { armsOfX } from './pairs.ts';
import { configs, playPairs, SEED } from './play.ts';

const service = await startService();

const imported = {
  design: 'switchback',
  candidate: { config: configs.candidate },
  ...{ imported: true, seed: SEED, starts_on: '2026-01-01', length: '1d', most_days: 24 },
};

describe('a switchback of twelve pairs that was run elsewhere', () => {
  let experiment: Awaited<ReturnType<typeof service.call>>['body'];
  beforeAll(async () => {
    await playPairs(service, 'default', armsOfX);
    const [baseline] = await service.sql<{ snapshot_id: string }>(
      "SELECT snapshot_id FROM strategy_snapshots WHERE notes = 'baseline' LIMIT 1",
    );
    const { status, body } = await service.call('POST /experiments', {
      body: { ...imported, baseline: baseline?.snapshot_id },
    });
    expect(status).toBe(201);
    experiment = body;
  });

  test('is decided as the method says', () => {
    const { verdict, looks } = experiment;
    expect(verdict).toMatchObject({
      kind: 'keep',
      decided_on: '2026-01-24',
      looks: 6,
      labels: ['imported'],
      trades: { baseline: 46, candidate: 52 },
      pairs: { settled: 12, with_trades: 12, left: null },
      alpha: 0.05,
    });
    expect(verdict.ln_e_t).toBeCloseTo(3.496856592986687, 9);
    expect(verdict.ln_e_c).toBeCloseTo(3.9517372845813896, 9);
    expect(verdict.expectancy.p).toBeCloseTo(0.030292455435885095, 9);
    expect(verdict.expectancy.difference).toBeCloseTo(0.84955836497826, 9);
    expect(verdict.expectancy.lower).toBeCloseTo(0.11104598786404674, 9);
    expect(verdict.pnl_per_day_usd.difference).toBeCloseTo(3.4, 9);
    expect(verdict.pnl_per_day_usd.upper).toBeCloseTo(6.511336118759285, 9);
    expect(verdict.win_rate.lower).toBeCloseTo(-10.516047265151949, 7);
    expect(looks[0]).toMatchObject({ date: '2026-01-14', pairs: 7, lower: null });
  });
});
