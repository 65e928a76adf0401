import type { Figures } from '../figures.ts';
import type { Guard } from './guards.ts';
import type { Promised } from './promises.ts';

export interface Proof {
  readonly date: string;
  readonly promises: readonly Promised[];
  /** How many tests of each promise's passed. */
  readonly passed: number;
  readonly figures: readonly Figures[];
  /** How many tests failed without each guard. */
  readonly guards: readonly (readonly [Guard, failed: number])[];
}

const rowOf = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const tableOf = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [rowOf(head), rowOf(head.map(() => '---')), ...rows.map(rowOf)].join('\n');
const shown = (value: number | undefined): string => (value === undefined ? '–' : value.toLocaleString('en-US'));
const linked = (file: string): string => `[${file.replace(/^test\/|\.test\.ts$/g, '')}](../${file})`;

/** Runs of one check with several seeds as one. */
function together(figures: readonly Figures[]): Figures[] {
  const sum = (of: readonly Figures[], key: 'writes' | 'refused' | 'faults' | 'crashes' | 'lost' | 'doubled') => {
    const given = of.flatMap((each) => each[key] ?? []);
    return given.length === 0 ? undefined : given.reduce((a, b) => a + b, 0);
  };
  return [...Map.groupBy(figures, ({ check }) => check)].map(([check, runs]) => ({
    check,
    clients: Math.max(...runs.map(({ clients = 1 }) => clients)),
    writes: sum(runs, 'writes'),
    refused: sum(runs, 'refused'),
    faults: sum(runs, 'faults'),
    crashes: sum(runs, 'crashes'),
    lost: sum(runs, 'lost'),
    doubled: sum(runs, 'doubled'),
  }));
}

/** The proof as a page of the docs. */
export function pageOf({ date, promises, passed, figures, guards }: Proof): string {
  return `# What the system promises, and what keeps it

\`npm run prove -- --write\` made this page on ${date}: ${shown(passed)} tests at full size passed, and then each guard below was taken away in a copy
of the project, and its tests failed. \`npm test\` runs the same tests at a smaller size.

## The promises

${tableOf(
  ['Promise', 'Its tests'],
  promises.map(({ promise, tests }) => [promise, tests.map(linked).join(', ')]),
)}

## What was tried

On a real PostgreSQL 17 (what is killed: on the embedded one), through the deployed handlers. *Requests* counts repeats; *faults* are
answers of the Data API or the mail service that were spoiled: resuming, throttled, failing, cut off before or after the statement ran,
slow, silent, timed out, too large. Whatever is lost or doubled fails its test: numbers are compared to the last digit with a quiet run's.

${tableOf(
  ['Check', 'Clients', 'Requests', 'Refused', 'Faults', 'Crashes', 'Lost', 'Doubled'],
  together(figures).map(({ check, clients, writes, refused, faults, crashes, lost, doubled }) => [
    check,
    ...[clients, writes, refused, faults, crashes, lost, doubled].map(shown),
  ]),
)}

## The guards

${tableOf(
  ['Guard', 'Stands in', 'Tests that failed without it'],
  guards.map(([{ guard, file, tests }, failed]) => [
    guard,
    `[${file}](../${file})`,
    `${failed} in ${tests.split(' ').map(linked).join(', ')}`,
  ]),
)}

## What is not promised

- A mail is sent at most once, never exactly once: the mail service has no idempotency. What nobody knows the end of is not sent again by
  itself; it alarms, and a person repeats it.
- An answer that was lost is not known to have been given: the caller sends again, and every write takes that.
- Nothing here ran in the cloud: there was no account. What only the cloud can show (its IAM, its throttling, a failover) is what
  \`npm run smoke\` is for.
- The embedded database survives \`kill -9\` with every acknowledged row; it was not tried against the loss of power.
`;
}
