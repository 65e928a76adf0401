import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { dayAfter } from '../../functions/summaries/days.ts';
import type { Random } from './random.ts';
import { dayOf, LOOKS, type SimulatedDay } from './world.ts';

const file = new URL('../../../shared/data/freqtrade-trades.csv.gz', import.meta.url);

/** Least days of a run; fewer do not show the variance of its days. */
const ENOUGH_DAYS = 60;
const BASELINE_DAYS = 30;

/** The trading days of real backtests, one list for each run with enough of them; null without the data. */
export function realRuns(): SimulatedDay[][] | null {
  if (!existsSync(file)) return null;
  const [head = '', ...lines] = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  const column = (name: string) => head.split(',').indexOf(name);
  const [run, closed, profit] = [column('run_id'), column('close_time_utc'), column('profit_abs')];
  const runs = Map.groupBy(
    lines.map((line) => line.split(',')),
    (trade) => trade[run],
  );
  return [...runs.values()]
    .map((trades) =>
      [...Map.groupBy(trades, (trade) => trade[closed]?.slice(0, 10)).entries()].map(([date = '', ofDay]) =>
        dayOf(
          date,
          ofDay.map((trade) => Number(trade[profit])),
        ),
      ),
    )
    .filter((days) => days.length >= ENOUGH_DAYS);
}

/** Two arms without a difference: days drawn with replacement from the same run. */
export function resampled(days: readonly SimulatedDay[], { uniform }: Random) {
  const draw = (from: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      ...(days[Math.floor(uniform() * days.length)] as SimulatedDay),
      date: dayAfter(from, i),
    }));
  return { baseline: draw('2025-01-01', BASELINE_DAYS), candidate: draw('2026-01-01', LOOKS) };
}
