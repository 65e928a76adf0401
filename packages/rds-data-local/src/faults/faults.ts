import type { OperationName } from '../operations/operations.ts';
import { type Fault, type FaultSettings, faultOf } from './fault.ts';

/** The current faults of the endpoint. */
export type Faults = {
  /** @throws Error that says what is wrong with it */
  readonly add: (settings: FaultSettings) => void;
  readonly clear: () => void;
  readonly list: () => readonly Fault[];
  /** The fault that affects this call: the first that was added; null when there is none. */
  readonly next: (operation: OperationName, request: unknown) => Fault | null;
  /** The number of calls that faults have affected so far. */
  readonly met: () => number;
  /** Keeps a connection without an answer, until the faults are cleared. */
  readonly hold: (release: () => void) => void;
};

type Active = {
  readonly fault: Fault;
  /** The number of affected calls, by request when each is counted separately. */
  readonly met: Map<string, number>;
  endsAt: number | null;
};

/** @param now milliseconds of a clock that never goes back */
export function openFaults(initial: readonly FaultSettings[] = [], now = () => performance.now()): Faults {
  let active: readonly Active[] = [];
  let held: readonly (() => void)[] = [];
  let calls = 0;

  const add = (settings: FaultSettings) => {
    active = [...active, { fault: faultOf(settings), met: new Map(), endsAt: null }];
  };
  const isOver = (each: Active) =>
    (each.endsAt !== null && now() >= each.endsAt) || (!each.fault.per_request && isUsedUp(each, ''));
  const clear = () => {
    active = [];
    for (const release of held) release();
    held = [];
  };

  function next(operation: OperationName, request: unknown): Fault | null {
    active = active.filter((each) => !isOver(each));
    const keyIn = ({ fault }: Active) => (fault.per_request ? JSON.stringify([operation, request]) : '');
    const meeting = active.find(
      (each) => (each.fault.operation ?? operation) === operation && !isUsedUp(each, keyIn(each)),
    );
    if (!meeting) return null;
    const { for_seconds } = meeting.fault;
    const key = keyIn(meeting);
    meeting.met.set(key, (meeting.met.get(key) ?? 0) + 1);
    calls += 1;
    if (for_seconds !== undefined) meeting.endsAt ??= now() + for_seconds * 1000;
    return meeting.fault;
  }

  for (const settings of initial) add(settings);
  return {
    add,
    clear,
    list: () => active.filter((each) => !isOver(each)).map(({ fault }) => fault),
    next,
    met: () => calls,
    hold(release) {
      held = [...held, release];
    },
  };
}

const isUsedUp = ({ fault, met }: Active, key: string): boolean =>
  (met.get(key) ?? 0) >= (fault.times ?? Number.POSITIVE_INFINITY);
