import type { DatabaseSync } from 'node:sqlite';
import { counted } from '../../functions/formatting.ts';
import type { Context, Result } from '../command.ts';
import { type Opened, refuseOtherIds } from '../freqtrade/other-ids.ts';
import type { Api } from '../service/api.ts';
import { reasonOf } from '../service/reason.ts';
import { retrying } from '../service/retrying.ts';
import { type ReadOptions, readAll } from './read.ts';
import { type Report, reportOf, type Skipped } from './report.ts';
import { skippedLines, textOf } from './report-text.ts';
import { type BotResults, resultsOf } from './results.ts';
import { resultLines } from './results-text.ts';
import { type Counts, type Sent, send } from './send.ts';
import { openStaging, rows } from './staging.ts';

export interface ImportOptions extends ReadOptions {
  /** Without it nothing is sent: a dry run. */
  readonly yes: boolean;
  readonly json: boolean;
}

type Tools = Pick<Context, 'api' | 'out' | 'progress'>;

/** Reads a history, reports what can be imported, and sends it unless this is a dry run.
 *  @throws Error when a file cannot be read or the service does not answer */
export async function importHistory(options: ImportOptions, tools: Tools): Promise<Result> {
  const staging = openStaging();
  try {
    const read = await readAll(staging, options, (done, what) => tools.progress({ what, done, unit: 'rows' }));
    const report = reportOf(staging, read);
    if (!options.json) tools.out(textOf(report));
    const sent = options.yes ? await sendAll(staging, report, tools) : null;
    const results = sent && report.bots.length > 0 ? await computeResults(staging, tools) : [];
    const refused = reportOf(staging, read).skipped.filter(
      ({ reason }) => !report.skipped.some((before) => before.reason === reason),
    );
    return {
      answer: { ...report, sent, refused, results },
      shown: ['', outcomeText(report, sent, refused), ...resultLines(results, options)].join('\n'),
      failure: sent?.refused ? `The service refused ${sent.refused} of them.` : undefined,
    };
  } finally {
    staging.close();
  }
}

/** @throws Failure when a bot has a trade of freqtrade already, under another id */
async function refuseTwice(staging: DatabaseSync, api: Api): Promise<void> {
  const opened = rows<Opened & { readonly bot_id: string }>(
    staging,
    `SELECT bot_id, symbol, json_extract(body, '$.position_id') AS position_id, min(filled_at) AS opened_at FROM fills
     WHERE json_extract(body, '$.position_id') IS NOT NULL GROUP BY 1, 2, 3`,
  );
  for (const [bot_id, positions] of Map.groupBy(opened, (each) => each.bot_id))
    await refuseOtherIds(api, bot_id, positions);
}

async function sendAll(staging: DatabaseSync, { bots }: Report, { api, progress }: Tools): Promise<Sent> {
  await refuseTwice(staging, retrying(api));
  const total = bots.reduce((sum, { fills, links, snapshots }) => sum + fills + links + snapshots, 0);
  try {
    return await send(staging, retrying(api), (done, what) => progress({ what, done, total, unit: 'records' }));
  } catch (error) {
    throw new Error(`${reasonOf(error)}; run the same import again: what has already arrived does not change`, {
      cause: error,
    });
  }
}

async function computeResults(staging: DatabaseSync, { api, progress }: Tools): Promise<BotResults[]> {
  try {
    let done = 0;
    return await resultsOf(staging, retrying(api), (bot_id, day) =>
      progress({ what: 'computing days', done: done++, unit: 'requests', detail: `${bot_id} from ${day}` }),
    );
  } catch (error) {
    throw new Error(`everything was sent, but its days were not computed: ${reasonOf(error)}`, { cause: error });
  }
}

function outcomeText({ bots }: Report, sent: Sent | null, refused: readonly Skipped[]): string {
  if (bots.length === 0) return 'Nothing was sent.';
  if (sent === null) return 'Nothing was sent: this was a dry run. Add --yes to send it.';
  const { snapshots, fills, links, voided } = sent;
  const all = [snapshots, fills, links];
  const isNothingNew = voided === 0 && all.every((counts) => counts.new === 0 && !counts.updated);
  return [
    ...(isNothingNew && refused.length === 0 ? ['All of it was already there: nothing has changed.'] : []),
    `Snapshots: ${outcomeOf(snapshots)}`,
    `Fills: ${outcomeOf(fills)}`,
    `Links: ${outcomeOf(links)}`,
    ...(voided > 0 ? [`Voided: ${counted(voided, 'fill')} that the exchange has undone since an earlier import`] : []),
    ...(refused.length > 0 ? ['Refused:', ...skippedLines(refused)] : []),
  ].join('\n');
}

const outcomeOf = ({ new: fresh, updated, known, differing }: Counts): string =>
  [
    `${fresh} new`,
    ...(updated ? [`${updated} completed`] : []),
    `${known} already there`,
    ...(differing ? [`${differing} of them with other values, which are kept`] : []),
  ].join(', ');
