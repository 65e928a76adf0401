import { BREAKEVEN_USD, FAST_EXIT_SECONDS } from '../../support/reference.ts';
import { makeHistory } from '../history.ts';
import { measured, median, timed } from '../measure.ts';
import type { Part } from '../part.ts';

const DAY = '2026-03-01';
const DAY_BEGINS = `${DAY}T00:00:00Z`;

type Making = Pick<Parameters<Part>[0], 'call' | 'sql' | 'progress'>;

/** Fills of the busy day, also in a quick run: with fewer, the request would take longer than the summary. */
const BUSY = 60_000;

/** Creates a busy day of a separate bot. @returns a function that summarizes it */
export async function busyDay({ call, sql, progress }: Making, fills: number) {
  await call('POST', '/snapshots', { bot_id: 'busy', config: { rsi: 1 }, active_from: '2020-01-01T00:00:00Z' });
  await makeHistory({ sql, progress }, { bot: 'busy', fills, days: 1, until: '2026-03-02T01:00:00Z' });
  const summarise = () => call('POST', '/summaries', { bot_id: 'busy', from: DAY });
  await summarise();
  return { summarise };
}

/** Measures the summary of a busy day, compared with a plain GROUP BY, and of a year at once, compared with its days one by one. */
export const summaries: Part = async ({ call, sql, quick, progress }) => {
  const times = quick ? 3 : 7;
  const { summarise } = await busyDay({ call, sql, progress }, BUSY);
  await call('POST', '/snapshots', { bot_id: 'years', config: { rsi: 1 }, active_from: '2020-01-01T00:00:00Z' });
  await makeHistory({ sql, progress }, { bot: 'years', fills: quick ? 5_000 : 100_000, days: 365, until: DAY_BEGINS });

  // A simple query: no drawdown, no histogram of hold times, no unmatched sells.
  const won = `FILTER (WHERE pnl_usd > ${BREAKEVEN_USD})`;
  const lost = `FILTER (WHERE pnl_usd < -${BREAKEVEN_USD})`;
  const byHand = () =>
    sql(`SELECT count(*) ${won}, count(*) ${lost}, max(pnl_usd) ${won}, min(pnl_usd) ${lost}, sum(pnl_usd) ${won}, sum(pnl_usd) ${lost}, sum(pnl_usd),
           sum(hold_seconds), sum(cost_basis_usd), percentile_cont(0.5) WITHIN GROUP (ORDER BY hold_seconds::float8), count(*) FILTER (WHERE hold_seconds < ${FAST_EXIT_SECONDS})
         FROM trades
         WHERE bot_id = 'busy' AND closed_at >= '${DAY_BEGINS}' AND closed_at < '2026-03-02T00:00:00Z' AND attribution <> 'manual'
         GROUP BY entry_snapshot_id`);
  progress(`a day of ${BUSY.toLocaleString('en-US')} fills`);
  const [ours, hand]: [number[], number[]] = [[], []];
  for (let i = 0; i < times; i++) {
    ours.push(await timed(summarise));
    hand.push(await timed(byHand));
  }

  progress('365 days, one by one and at once');
  const year = { bot_id: 'years', from: '2025-03-01', to: '2026-02-28' };
  const days = Array.from({ length: 365 }, (_, i) =>
    new Date(Date.parse('2025-03-01') + i * 86_400_000).toISOString().slice(0, 10),
  );
  const sample = quick ? days.filter((_, i) => i % 30 === 0) : days;
  const atOnce = await timed(() => call('POST', '/summaries', year));
  const oneByOne = await timed(async () => {
    for (const from of sample) await call('POST', '/summaries', { bot_id: 'years', from });
  });

  return [
    measured('summary of a busy day', median(ours), 'ms', {
      size: `${BUSY.toLocaleString('en-US')} fills`,
      against: { what: 'one GROUP BY of its trades by hand', value: median(hand) },
      target: { most: 2.5 },
    }),
    measured('365 days at once', atOnce, 'ms', {
      against: { what: 'one by one', value: (oneByOne * 365) / sample.length },
      target: { most: 0.3 },
    }),
  ];
};
