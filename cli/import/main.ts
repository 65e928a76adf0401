import { SingleBar } from 'cli-progress';
import { run } from './run.ts';

const bar = new SingleBar({
  format: '{what} {value} {of}, {duration} s',
  noTTYOutput: true,
  notTTYSchedule: 2000,
  linewrap: null,
});

const cleared =
  (write: (text: string) => void) =>
  (text: string): void => {
    bar.stop();
    write(text);
  };

process.exitCode = await run(process.argv.slice(2), {
  out: cleared(console.log),
  error: cleared(console.error),
  progress: ({ what, done, total }) => {
    const shown = { what, of: total > 0 ? `of ${total}` : 'rows' };
    if (!bar.isActive) bar.start(total, 0, shown);
    bar.setTotal(total);
    bar.update(done, shown);
  },
});
