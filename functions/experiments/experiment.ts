import { dayAfter } from '../summaries/days.ts';
import type { Experiment, ExperimentPair } from './contract.ts';
import { localDate } from './schedule/borders.ts';
import type { ExperimentRow, PairRow, ParallelDay } from './store.ts';
import { timeOf } from './time.ts';
import type { EndedPair } from './verdict/pair.ts';
import { total } from './verdict/pair.ts';
import { verdictOf } from './verdict/verdict.ts';

interface Data {
  /** Of a switchback. */
  readonly pairs: readonly PairRow[];
  /** Of a parallel test. */
  readonly days: readonly ParallelDay[];
  /** The last completed trading day. */
  readonly through: string;
  readonly material: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** An experiment as the API returns it, with its verdict. */
export function experimentOf({ arms, skip_days: _, share, events, ...row }: ExperimentRow, data: Data): Experiment {
  const { now, through, material } = data;
  const rows = row.design === 'parallel' ? data.days.map(pairOfDay) : data.pairs;
  const pairs = rows.map((pair) => ({
    ...pair,
    settles_on: dayAfter(localDate(row.time_zone, endOf(pair) - 1), row.settle_days),
  }));
  const begun = pairs.filter(({ blocks: [first] }) => first && first.from <= now);
  const whole = begun.filter((pair) => pair.broken_in === null && endOf(pair) <= now);
  return {
    ...row,
    ...arms,
    events: events.map((event) => ({ ...event, at: timeOf(event.at) })),
    pairs: pairs.map((pair) => publicPair(pair, { through, now, design: row.design })),
    ...verdictOf({
      ...{
        design: row.design,
        imported: row.imported,
        status: row.status,
        length: row.length,
        share,
        material,
        through,
        arms,
      },
      pairs: whole,
      broken_in: begun.flatMap(({ broken_in }) => broken_in ?? []),
      orders: {
        pairs: begun.length,
        candidate_first: begun.filter(({ blocks: [first] }) => first?.arm === 'candidate').length,
      },
    }),
  };
}

const endOf = ({ blocks }: Pick<PairRow, 'blocks'>): number => Math.max(...blocks.map(({ until }) => until));

/** A day of a parallel test, on which each bot has one block. */
const pairOfDay = ({ date, from, until, baseline, candidate }: ParallelDay, i: number): PairRow => ({
  ...{ pair: i + 1, broken_in: null, void_reason: null },
  blocks: [
    { arm: 'baseline', from, until },
    { arm: 'candidate', from, until },
  ],
  days: [
    { date, arm: 'baseline', ...baseline },
    { date, arm: 'candidate', ...candidate },
  ],
});

function publicPair(
  { pair, blocks, days, broken_in, void_reason, settles_on }: PairRow & EndedPair,
  { through, now, design }: { through: string; now: number; design: Experiment['design'] },
): ExperimentPair {
  return {
    pair,
    order: design === 'parallel' ? null : `${blocks[0]?.arm ?? 'baseline'}_first`,
    blocks: blocks.map(({ arm, from, until }) => {
      const { trades, pnl, winning, losing, followed } = total(days.filter((day) => day.arm === arm));
      return {
        ...{ arm, from: timeOf(from), until: timeOf(until), trades, pnl_usd: pnl },
        ...{ winning_trades: winning, losing_trades: losing, followed },
      };
    }),
    settles_on,
    settled: broken_in === null && endOf({ blocks }) <= now && settles_on <= through,
    void: broken_in === null ? null : { broken_in, reason: void_reason },
  };
}
