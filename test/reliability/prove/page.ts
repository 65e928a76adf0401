import type { Figures } from '../figures.ts';
import type { Guard } from './guards.ts';
import type { Promised } from './promises.ts';

export interface Proof {
  readonly date: string;
  readonly promises: readonly Promised[];
  /** Number of tests passed. */
  readonly passed: number;
  readonly figures: readonly Figures[];
  /** The guards, with the number of tests that failed without each. */
  readonly guards: readonly (readonly [Guard, failed: number])[];
}

const rowOf = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const tableOf = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [rowOf(head), rowOf(head.map(() => '---')), ...rows.map(rowOf)].join('\n');
const shown = (value: number | undefined): string => (value === undefined ? '–' : value.toLocaleString('en-US'));
const linked = (file: string): string => `[${file.replace(/^test\/|\.test\.ts$/g, '')}](../${file})`;

/** Adds up the runs of a check with several seeds. */
function totals(figures: readonly Figures[]): Figures[] {
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

/** Writes the proof as a page of the docs. */
export function pageOf({ date, promises, passed, figures, guards }: Proof): string {
  return `# Guarantees, and how they are tested

\`npm run prove -- --write\` generated this page on ${date}: ${shown(passed)} tests at full size passed. Then each guard below was removed in a copy of the
project, and its tests failed. \`npm test\` runs the same tests at a smaller size.

## Promises

${tableOf(
  ['Promise', 'Tests'],
  promises.map(({ promise, tests }) => [promise, tests.map(linked).join(', ')]),
)}

## Checks

On PostgreSQL 17 (crashes: on the embedded database), through the deployed handlers. *Requests* include repeats. *Faults* are disturbed
responses of the Data API or the mail service: resuming, throttled, failing, disconnected before or after the statement ran, slow, without
a response, timed out, too large. A lost or doubled write fails its test: numbers are compared to the last digit with an undisturbed run.

${tableOf(
  ['Check', 'Clients', 'Requests', 'Refused', 'Faults', 'Crashes', 'Lost', 'Doubled'],
  totals(figures).map(({ check, clients, writes, refused, faults, crashes, lost, doubled }) => [
    check,
    ...[clients, writes, refused, faults, crashes, lost, doubled].map(shown),
  ]),
)}

## Guards

${tableOf(
  ['Guard', 'Code', 'Tests that failed without it'],
  guards.map(([{ guard, file, tests }, failed]) => [
    guard,
    `[${file}](../${file})`,
    `${failed} in ${tests.split(' ').map(linked).join(', ')}`,
  ]),
)}

## Not promised

- A mail is sent at most once, not exactly once: the mail service has no idempotency key. A mail that may have been sent is not sent again
  automatically; it raises an alarm, and a person resends it.
- When a response is lost, the caller cannot know whether the write happened. It repeats the request; every write is idempotent.
- None of this ran on AWS, for lack of an account. \`npm run smoke\` tests what only AWS can show: IAM, throttling, failover.
- The embedded database keeps every acknowledged row after \`kill -9\`; a power failure was not tested.
`;
}
