import cliProgress from 'cli-progress';
import { visible } from './visible.ts';

export interface Progress {
  /** @example 'Playing two weeks' */
  readonly what: string;
  readonly done: number;
  /** Absent when it is not known. */
  readonly total?: number;
  /** @example 'days' */
  readonly unit: string;
  /** What is being worked on. */
  readonly detail?: string;
}

type Shown = Pick<Progress, 'what' | 'unit' | 'detail'>;

/** A progress bar on stderr, or a line every two seconds when that is not a terminal. */
export function openProgress(): { readonly show: (progress: Progress) => void; readonly close: () => void } {
  const bar = new cliProgress.SingleBar({
    format(options, { value, total, progress, startTime }, { what, unit, detail = '' }: Shown) {
      const seconds = Math.round((Date.now() - startTime) / 1000);
      const share = total > 0 ? `${cliProgress.Format.BarFormat(progress, options)} ${value} of ${total}` : `${value}`;
      return `${what} ${share} ${unit}, ${seconds} s  ${detail}`.padEnd(80);
    },
    noTTYOutput: true,
    notTTYSchedule: 2000,
    linewrap: null,
    // Whoever handles SIGINT closes the bar.
    gracefulExit: false,
  });
  return {
    show({ done, total = 0, detail = '', ...what }) {
      const shown = { ...what, detail: visible(detail) };
      if (!bar.isActive) bar.start(total, done, shown);
      bar.setTotal(total);
      bar.update(done, shown);
    },
    close: () => bar.stop(),
  };
}
