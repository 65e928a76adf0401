import type { ArmName } from '../../statistics/gates.ts';
import { dayAfter } from '../../summaries/days.ts';
import { type Border, firstBorder, instantOf, type Length, nextBorder } from './borders.ts';
import { orderOf } from './coin.ts';

/** Time with one assigned arm: [from, until), in milliseconds since the epoch. */
export interface Block {
  readonly arm: ArmName;
  readonly from: number;
  readonly until: number;
}

/** Two adjacent blocks, one of each arm, in a random order. */
export interface ScheduledPair {
  /** From 1; it stays when later pairs change. */
  readonly pair: number;
  readonly blocks: readonly [Block, Block];
  /** The arm in whose block the pair was broken off; null: it was not. A void pair counts nowhere. */
  readonly broken_in: ArmName | null;
}

/** What a person did to an experiment, oldest first. */
export interface ExperimentEvent {
  readonly action: 'pause' | 'resume' | 'stop';
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of a pause: void the running pair, instead of completing it. */
  readonly now: boolean;
}

export interface ScheduleInput {
  readonly seed: string;
  readonly bot_id: string;
  readonly zone: string;
  readonly length: Length;
  readonly starts: Border;
  /** Most calendar days, after which the experiment ends by itself. */
  readonly most_days: number;
  readonly events: readonly ExperimentEvent[];
}

/** All pairs of an experiment, from its start to its end. A pause ends with the running pair, or voids it; a new pair begins at the first
 *  border after the resumption; a stop leaves the unfinished pair out. */
export function scheduleOf(input: ScheduleInput): ScheduledPair[] {
  const { zone, length, starts, most_days, events } = input;
  const stopped = events.find(({ action }) => action === 'stop')?.at ?? Number.POSITIVE_INFINITY;
  const ends = Math.min(instantOf(zone, { ...starts, date: dayAfter(starts.date, most_days) }), stopped);
  const pairs: ScheduledPair[] = [];
  for (const { from, until, voids } of runsOf(events)) {
    const free = Math.max(from, instantOf(zone, starts), pairs.findLast(isWhole)?.blocks[1].until ?? 0);
    let border = firstBorder(zone, free, length);
    for (;;) {
      const pair = pairAt(input, pairs.length + 1, border);
      const [first, second] = pair.blocks;
      if (first.from >= until) break;
      if (voids && until < second.until) {
        pairs.push({ ...pair, broken_in: (until < second.from ? first : second).arm });
        break;
      }
      if (second.until > ends) return pairs;
      pairs.push(pair);
      border = nextBorder(nextBorder(border, length), length);
    }
  }
  return pairs;
}

const isWhole = ({ broken_in }: ScheduledPair): boolean => broken_in === null;

/** Time between a start or a resumption and the next pause. */
interface Run {
  readonly from: number;
  readonly until: number;
  /** Whether the pause voids the running pair. */
  readonly voids: boolean;
}

function runsOf(events: readonly ExperimentEvent[]): Run[] {
  const runs: Run[] = [{ from: 0, until: Number.POSITIVE_INFINITY, voids: false }];
  for (const { action, at, now } of events) {
    const run = runs.at(-1);
    const isPaused = run !== undefined && run.until < Number.POSITIVE_INFINITY;
    if (action === 'pause' && run && (!isPaused || now)) runs[runs.length - 1] = { ...run, until: at, voids: now };
    if (action === 'resume' && isPaused) runs.push({ from: at, until: Number.POSITIVE_INFINITY, voids: false });
  }
  return runs;
}

function pairAt({ seed, bot_id, zone, length }: ScheduleInput, pair: number, border: Border): ScheduledPair {
  const middle = nextBorder(border, length);
  const [from, between, until] = [border, middle, nextBorder(middle, length)].map((each) => instantOf(zone, each)) as [
    number,
    number,
    number,
  ];
  const [first, second]: readonly [ArmName, ArmName] =
    orderOf(seed, bot_id, pair) === 'baseline_first' ? ['baseline', 'candidate'] : ['candidate', 'baseline'];
  return {
    pair,
    blocks: [
      { arm: first, from, until: between },
      { arm: second, from: between, until },
    ],
    broken_in: null,
  };
}
