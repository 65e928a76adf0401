import { makeHistory } from '../history.ts';
import { measured, median, repeated, timed } from '../measure.ts';
import type { Part } from '../part.ts';

const DAY = '2026-03-01';
const DAY_BEGINS = `${DAY}T00:00:00Z`;

/** A day of 60,000 fills, summarised: against one GROUP BY by hand, and in a small and a large database; and a year at once. */
export const summaries: Part = async ({ call, sql, engine, quick, said }) => {
  const busy = quick ? 6_000 : 60_000;
  const small = quick ? 5_000 : 100_000;
  const large = quick ? 50_000 : engine === 'PGlite' ? 500_000 : 5_000_000;
  const times = quick ? 3 : 7;
  const bot = 'busy';
  await call('POST', '/snapshots', { bot_id: bot, config: { rsi: 1 }, active_from: '2020-01-01T00:00:00Z' });
  await makeHistory({ sql, said }, { bot, fills: busy, days: 1, until: `2026-03-02T01:00:00Z` });
  await call('POST', '/snapshots', { bot_id: 'years', config: { rsi: 1 }, active_from: '2020-01-01T00:00:00Z' });
  await makeHistory({ sql, said }, { bot: 'years', fills: small, days: 365, until: DAY_BEGINS });

  const summarise = () => call('POST', '/summaries', { bot_id: bot, from: DAY });
  // Every figure of a summary that a GROUP BY can have: all but the drawdown, and counts of hold times.
  const won = 'FILTER (WHERE pnl_usd > 0.01)';
  const lost = 'FILTER (WHERE pnl_usd < -0.01)';
  const byHand = () =>
    sql(`SELECT count(*) ${won}, count(*) ${lost}, max(pnl_usd) ${won}, min(pnl_usd) ${lost}, sum(pnl_usd) ${won}, sum(pnl_usd) ${lost}, sum(pnl_usd),
           sum(hold_seconds), sum(cost_basis_usd), percentile_cont(0.5) WITHIN GROUP (ORDER BY hold_seconds::float8), count(*) FILTER (WHERE hold_seconds < 60)
         FROM trades
         WHERE bot_id = 'busy' AND closed_at >= '${DAY_BEGINS}' AND closed_at < '2026-03-02T00:00:00Z' AND attribution <> 'manual'
         GROUP BY entry_snapshot_id`);
  said(`a day of ${busy.toLocaleString('en-US')} fills, in a small database`);
  await summarise();
  const inSmall = median(await repeated(times, () => timed(summarise)));
  const hand = median(await repeated(times, () => timed(byHand)));

  said('365 days, one by one and at once');
  const year = { bot_id: 'years', from: '2025-03-01', to: '2026-02-28' };
  const days = Array.from({ length: 365 }, (_, i) =>
    new Date(Date.parse('2025-03-01') + i * 86_400_000).toISOString().slice(0, 10),
  );
  const sample = quick ? days.filter((_, i) => i % 30 === 0) : days;
  const atOnce = await timed(() => call('POST', '/summaries', year));
  const oneByOne = await timed(async () => {
    for (const from of sample) await call('POST', '/summaries', { bot_id: 'years', from });
  });

  await call('POST', '/snapshots', { bot_id: 'decades', config: { rsi: 1 }, active_from: '2010-01-01T00:00:00Z' });
  await makeHistory({ sql, said }, { bot: 'decades', fills: large - small, days: 3650, until: DAY_BEGINS });
  said('the same day in a large database');
  await summarise();
  const inLarge = median(await repeated(times, () => timed(summarise)));
  return [
    measured(`summary of a day of ${busy.toLocaleString('en-US')} fills`, inSmall, 'ms', {
      against: { what: 'one GROUP BY of its trades by hand', value: hand },
      target: { most: 3 },
    }),
    measured(`the same day among ${large.toLocaleString('en-US')} fills`, inLarge, 'ms', {
      against: { what: `among ${(small + busy).toLocaleString('en-US')}`, value: inSmall },
      target: { most: 1.2 },
    }),
    measured('365 days at once', atOnce, 'ms', {
      against: { what: 'one by one', value: (oneByOne * 365) / sample.length },
      target: { most: 0.3 },
    }),
  ];
};
