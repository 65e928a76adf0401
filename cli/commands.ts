import type { Command } from './command.ts';
import { compare } from './commands/compare.ts';
import { coverage } from './commands/coverage.ts';
import { current } from './commands/current.ts';
import { diff } from './commands/diff.ts';
import { plan } from './commands/plan.ts';
import { report } from './commands/report.ts';
import { rollback } from './commands/rollback.ts';
import { snapshots } from './commands/snapshots.ts';
import { summary } from './commands/summary.ts';

/** Every command of the terminal, by its name. */
export const commands: Readonly<Record<string, Command>> = {
  compare,
  current,
  snapshots,
  diff,
  plan,
  rollback,
  coverage,
  summary,
  report,
};
