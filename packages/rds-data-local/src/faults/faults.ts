import type { OperationName } from '../operations/operations.ts';
import { type Fault, type FaultSettings, faultOf } from './fault.ts';

/** How the endpoint fails at present. */
export type Faults = {
  /** @throws Error that says what is wrong with it */
  readonly add: (settings: FaultSettings) => void;
  readonly clear: () => void;
  readonly list: () => readonly Fault[];
  /** The fault that meets this call, the first that was added; null for none. */
  readonly next: (operation: OperationName) => Fault | null;
  /** Keeps a connection without an answer, until the faults are cleared. */
  readonly hold: (release: () => void) => void;
};

type Active = { readonly fault: Fault; met: number; endsAt: number | null };

/** @param now milliseconds of a clock that never goes back */
export function openFaults(initial: readonly FaultSettings[] = [], now = () => performance.now()): Faults {
  let active: readonly Active[] = [];
  let held: readonly (() => void)[] = [];

  const add = (settings: FaultSettings) => {
    active = [...active, { fault: faultOf(settings), met: 0, endsAt: null }];
  };
  const isOver = ({ fault, met, endsAt }: Active) =>
    met >= (fault.times ?? Number.POSITIVE_INFINITY) || (endsAt !== null && now() >= endsAt);
  const clear = () => {
    active = [];
    for (const release of held) release();
    held = [];
  };

  function next(operation: OperationName): Fault | null {
    active = active.filter((each) => !isOver(each));
    const meeting = active.find(({ fault }) => fault.operation === undefined || fault.operation === operation);
    if (!meeting) return null;
    const { for_seconds } = meeting.fault;
    meeting.met += 1;
    if (for_seconds !== undefined) meeting.endsAt ??= now() + for_seconds * 1000;
    return meeting.fault;
  }

  for (const settings of initial) add(settings);
  return {
    add,
    clear,
    list: () => active.filter((each) => !isOver(each)).map(({ fault }) => fault),
    next,
    hold(release) {
      held = [...held, release];
    },
  };
}
