import { makeHistory } from '../history.ts';
import { measured, median, timed } from '../measure.ts';
import type { Part } from '../part.ts';

const SNAPSHOTS = 10;

/** Measures the comparison of ten snapshots over a year, for a bot with few trades and for one with twenty times as many. */
export const comparison: Part = async ({ call, sql, quick, progress }) => {
  const times = quick ? 10 : 40;
  const bots = { quiet: quick ? 2_000 : 10_000, busy: quick ? 20_000 : 200_000 };
  const from = Date.parse('2025-01-01T00:00:00Z');
  for (const [bot_id, fills] of Object.entries(bots)) {
    for (let i = 0; i < SNAPSHOTS; i++)
      await call('POST', '/snapshots', {
        bot_id,
        config: { rsi: i },
        active_from: new Date(from + i * 36.5 * 86_400_000).toISOString(),
      });
    await makeHistory({ sql, progress }, { bot: bot_id, fills, days: 364, until: '2026-01-01T00:00:00Z' });
    progress(`a year of ${fills.toLocaleString('en-US')} fills, summarized`);
    await call('POST', '/summaries', { bot_id, from: '2025-01-01', to: '2025-12-31' });
  }
  progress('the comparison of ten snapshots over a year');
  const [quiet, busy, ones]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < times; i++) {
    ones.push(await timed(() => sql('SELECT 1')));
    quiet.push(await timed(() => call('GET', '/comparison?bot_id=quiet')));
    busy.push(await timed(() => call('GET', '/comparison?bot_id=busy')));
  }
  return [
    measured('comparison of 10 snapshots over a year, with verdict', median(busy), 'ms', {
      against: { what: 'SELECT 1 through the Data API', value: median(ones) },
      target: { most: 10 },
    }),
    measured('the same with many more trades', median(busy), 'ms', {
      size: `${bots.busy.toLocaleString('en-US')} fills`,
      against: { what: `with ${bots.quiet.toLocaleString('en-US')}`, value: median(quiet) },
      target: { most: 1.5 },
    }),
  ];
};
