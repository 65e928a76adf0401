import type { DatabaseSync } from 'node:sqlite';
import { reasonOf } from '../service/reason.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { readAll } from './read.ts';
import { type Report, reportOf, type Skipped } from './report.ts';
import { skippedLines, textOf } from './report-text.ts';
import { type Counts, type Sent, send } from './send.ts';
import { serviceAt } from './service.ts';
import { openStaging } from './staging.ts';

export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Shows how far it has come. `total` is 0 where nobody knows. */
  readonly progress: (step: { readonly what: string; readonly done: number; readonly total: number }) => void;
}

/** Does what the command line asks for. @returns the exit code */
export async function run(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  let options: Options | null;
  try {
    options = readOptions(args);
  } catch (error) {
    terminal.error(`${error instanceof Error ? error.message : error}\n--help says more`);
    return 2;
  }
  if (options === null) {
    terminal.out(HELP);
    return 0;
  }
  try {
    return await importWith(options, terminal);
  } catch (error) {
    terminal.error(reasonOf(error));
    return 1;
  }
}

async function importWith(options: Options, { out, progress }: Terminal): Promise<0 | 1> {
  const staging = openStaging();
  try {
    const read = await readAll(staging, options, (done, what) => progress({ what, done, total: 0 }));
    const report = reportOf(staging, read);
    if (!options.json) out(textOf(report));
    const sent = options.yes ? await sendAll(staging, options, { report, progress }) : null;
    const refused = reportOf(staging, read).skipped.filter(
      ({ reason }) => !report.skipped.some((before) => before.reason === reason),
    );
    out(options.json ? JSON.stringify({ ...report, sent, refused }, null, 2) : `\n${endOf(report, sent, refused)}`);
    return sent !== null && sent.refused > 0 ? 1 : 0;
  } finally {
    staging.close();
  }
}

async function sendAll(
  staging: DatabaseSync,
  options: Options,
  { report, progress }: Pick<Terminal, 'progress'> & { report: Report },
): Promise<Sent> {
  const total = report.bots.reduce((sum, { fills, links, snapshots }) => sum + fills + links + snapshots, 0);
  try {
    return await send(staging, serviceAt(options.place), (done, what) => progress({ what, done, total }));
  } catch (error) {
    throw new Error(`${reasonOf(error)}; import the same again, what has arrived already changes nothing`);
  }
}

function endOf({ bots }: Report, sent: Sent | null, refused: readonly Skipped[]): string {
  if (bots.length === 0) return 'Nothing was sent.';
  if (sent === null) return 'Nothing was sent: this was a dry run. --yes sends it.';
  const { snapshots, fills, links } = sent;
  const all = [snapshots, fills, links];
  const isNothingNew = all.every((counts) => counts.new === 0 && !counts.updated);
  return [
    ...(isNothingNew && refused.length === 0 ? ['All of it was there already: nothing has changed.'] : []),
    `Snapshots: ${counted(snapshots)}`,
    `Fills: ${counted(fills)}`,
    `Links: ${counted(links)}`,
    ...(refused.length > 0 ? ['Refused:', ...skippedLines(refused)] : []),
  ].join('\n');
}

const counted = ({ new: fresh, updated, known, differing }: Counts): string =>
  [
    `${fresh} new`,
    ...(updated ? [`${updated} filled in`] : []),
    `${known} there already`,
    ...(differing ? [`${differing} of them with other values, which are kept`] : []),
  ].join(', ');
