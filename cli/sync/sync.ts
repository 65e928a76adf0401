import { setTimeout } from 'node:timers/promises';
import type { Operation } from '../../functions/contract/operation.ts';
import { counted } from '../../functions/formatting.ts';
import { linkTrades, MOST_LINKS } from '../../functions/trade-links/contract.ts';
import { correctFill, recordFills } from '../../functions/trades/contract.ts';
import { symbolParts } from '../../functions/trades/symbol.ts';
import type { Context, Result } from '../command.ts';
import { Failure } from '../failure.ts';
import { type Opened, refuseOtherIds } from '../freqtrade/other-ids.ts';
import { problemIn } from '../import/problem.ts';
import { type Api, UnexpectedStatus } from '../service/api.ts';
import { computeDays } from '../service/compute-days.ts';
import { reasonOf } from '../service/reason.ts';
import { retrying } from '../service/retrying.ts';
import type { QuoteUsd } from './quote-usd.ts';
import { sendSettings } from './settings.ts';
import type { Execution, Reading, Source } from './source.ts';

export interface SyncOptions {
  readonly bot_id: string;
  readonly quoteUsd: QuoteUsd;
  /** Goes on until it is interrupted. */
  readonly follow: boolean;
  /** Seconds between two readings. */
  readonly every: number;
  readonly json: boolean;
}

type Tools = Pick<Context, 'api' | 'out' | 'error' | 'progress'>;

/** What was sent in earlier rounds and is not sent again, so that a paused database sleeps. */
interface Before {
  /** No round is complete yet, or the last one failed. */
  isFirst: boolean;
  /** The content of each fill and its link, by the id of the fill. */
  readonly sent: Map<string, string>;
  settings: string;
  /** The fills whose days are not computed yet. */
  touched: Touched | null;
}

interface Touched {
  readonly first: string;
  readonly last: string;
}

interface Refused {
  readonly id: string | null;
  readonly reason: string;
}

interface Counts {
  snapshots: number;
  new: number;
  corrected: number;
  known: number;
  links: number;
  readonly refused: Refused[];
}

/** Sends what a bot's records have and the service does not, once or continuously.
 *  @throws Error when the records cannot be read or the service does not answer; while it follows, it reports this and tries again */
export async function sync(source: Source, options: SyncOptions, tools: Tools): Promise<Result> {
  const before: Before = { isFirst: true, sent: new Map(), settings: '', touched: null };
  const round = () => syncOnce(source, { ...options, before }, tools);
  if (!options.follow) {
    const counts = await round();
    const failure =
      counts.refused.length > 0 ? `${counted(counts.refused.length, 'record')} could not be sent.` : undefined;
    return { answer: counts, shown: textOf(counts), failure };
  }
  for (;;) {
    try {
      const counts = await round();
      if (counts.new + counts.corrected + counts.snapshots + counts.links + counts.refused.length > 0)
        tools.out(
          options.json ? JSON.stringify(counts) : `${new Date().toISOString().slice(0, 19)}Z ${textOf(counts)}`,
        );
    } catch (error) {
      before.isFirst = true;
      tools.error(`${error instanceof Failure ? error.message : reasonOf(error)}; trying again in ${options.every} s`);
    }
    await setTimeout(options.every * 1000);
  }
}

async function syncOnce(
  source: Source,
  { bot_id, quoteUsd, before }: SyncOptions & { readonly before: Before },
  { api, progress }: Tools,
): Promise<Counts> {
  const reading = await source.read(before.isFirst, (done) => progress({ what: 'Reading', done, unit: 'trades' }));
  const retried = retrying(api);
  const counts: Counts = { snapshots: 0, new: 0, corrected: 0, known: 0, links: 0, refused: refusedBefore(reading) };
  if (before.isFirst) await refuseOtherIds(retried, bot_id, openedIn(reading));
  const settings = JSON.stringify([reading.settings, reading.current]);
  if (before.isFirst || settings !== before.settings) counts.snapshots = await sendSettings(retried, bot_id, reading);
  before.settings = settings;
  // The last reading of an execution counts.
  const executions = [...new Map(reading.executions.map((each) => [each.fill.fill_id, each])).values()];
  const changed = executions.filter(({ fill, link }) => before.sent.get(fill.fill_id) !== JSON.stringify([fill, link]));
  const total = changed.length;
  const onSent = (done: number) => progress({ what: 'Sending', done, total, unit: 'orders' });
  for (let at = 0; at < total; at += MOST_LINKS) {
    const batch = changed.slice(at, at + MOST_LINKS);
    const isChanged = await sendBatch(retried, batch, { bot_id, quoteUsd, counts });
    if (isChanged || counts.snapshots > 0) before.touched = touchedBy(batch, before.touched);
    for (const { fill, link } of batch) before.sent.set(fill.fill_id, JSON.stringify([fill, link]));
    onSent(at + batch.length);
  }
  if (before.touched !== null) {
    let done = 0;
    const onDay = (day: string) => progress({ what: 'Computing days', done: done++, unit: 'requests', detail: day });
    await computeDays(retried, { bot_id, ...before.touched }, onDay).catch((error: unknown) => {
      throw new Error(`everything was sent, but its days were not computed: ${reasonOf(error)}`, { cause: error });
    });
    before.touched = null;
  }
  before.isFirst = false;
  return counts;
}

function touchedBy(batch: readonly Execution[], before: Touched | null): Touched {
  const times = [...batch.map(({ fill }) => fill.filled_at), ...(before ? [before.first, before.last] : [])];
  const inOrder = times.toSorted((a, b) => Date.parse(a) - Date.parse(b));
  return { first: inOrder.at(0) ?? '', last: inOrder.at(-1) ?? '' };
}

/** The first fill of each position. */
function openedIn({ executions }: Reading): Opened[] {
  const inOrder = executions
    .map(({ fill }) => fill)
    .toSorted((a, b) => Date.parse(a.filled_at) - Date.parse(b.filled_at));
  const opened = inOrder.flatMap(({ position_id, symbol, filled_at }) =>
    position_id ? [{ position_id, symbol, opened_at: filled_at }] : [],
  );
  return [...new Map(opened.toReversed().map((each) => [each.position_id, each])).values()];
}

const refusedBefore = ({ unreadable }: Reading): Refused[] =>
  unreadable.map(({ place, reason }) => ({ id: place, reason }));

/** @returns whether it changed anything */
async function sendBatch(
  api: Api,
  batch: readonly Execution[],
  { bot_id, quoteUsd, counts }: { readonly bot_id: string; readonly quoteUsd: QuoteUsd; readonly counts: Counts },
): Promise<boolean> {
  const changedBefore = changesIn(counts);
  const links = batch.flatMap(({ link }) => (link ? [{ ...link, bot_id }] : []));
  const fills = batch.map(({ fill }) => ({ ...fill, bot_id, ...priceOfQuote(fill.symbol, quoteUsd) }));
  const linked = await posted(api, linkTrades, links);
  counts.links += linked.created + linked.updated;
  const recorded = await posted(api, recordFills, fills);
  counts.new += recorded.accepted;
  counts.corrected += recorded.updated;
  counts.known += recorded.duplicates;
  for (const { index, id, reason } of recorded.rejected) {
    const fill = fills[index];
    if (fill && reason.startsWith('conflict')) counts.corrected += await correct(api, fill, counts.refused);
    else counts.refused.push({ id, reason: reason.startsWith('quote_usd') ? NO_RATE(fill?.symbol) : reason });
  }
  counts.refused.push(...linked.rejected.map(({ id, reason }) => ({ id, reason })));
  return changesIn(counts) > changedBefore;
}

const changesIn = ({ new: added, corrected, links }: Counts): number => added + corrected + links;

const NO_RATE = (symbol = ''): string =>
  `the stake currency ${symbolParts(symbol).quote} has no price in USD: add --quote-usd ${symbolParts(symbol).quote}=<price>`;

const priceOfQuote = (symbol: string, rates: QuoteUsd): { quote_usd?: string } => {
  const rate = rates[symbolParts(symbol).quote ?? ''];
  return rate === undefined ? {} : { quote_usd: rate };
};

/** Corrects a fill that the bot's records have with other content than the service: the order was amended, or its fee is known by now. */
async function correct(api: Api, fill: { readonly fill_id: string }, refused: Refused[]): Promise<number> {
  const { source: _, ...content } = fill as typeof fill & { source?: string };
  try {
    const { body } = await api(correctFill, { body: { ...content, reason: 'The bot has it so in its own records' } });
    return body.changed ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UnexpectedStatus) || error.status >= 500) throw error;
    refused.push({ id: fill.fill_id, reason: problemIn(error.text)?.detail ?? error.text });
    return 0;
  }
}

interface Answer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly created: number;
  readonly updated: number;
  readonly rejected: readonly { readonly index: number; readonly id: string | null; readonly reason: string }[];
}
const NOTHING: Answer = { accepted: 0, duplicates: 0, created: 0, updated: 0, rejected: [] };

/** When all of a batch was refused, the answer is a problem with the same list. */
async function posted(api: Api, operation: Operation, body: readonly unknown[]): Promise<Answer> {
  if (body.length === 0) return NOTHING;
  try {
    return { ...NOTHING, ...((await api(operation, { body })).body as Partial<Answer>) };
  } catch (error) {
    const rejected = error instanceof UnexpectedStatus && error.status === 400 && problemIn(error.text)?.rejected;
    if (rejected) return { ...NOTHING, rejected };
    throw error;
  }
}

function textOf({ snapshots, new: added, corrected, known, links, refused }: Counts): string {
  const parts = [
    `${counted(added, 'new fill')}, ${corrected} corrected, ${known} already there; ${counted(links, 'new link')}`,
    ...(snapshots > 0 ? [`${counted(snapshots, 'new snapshot')}`] : []),
  ];
  const reasons = [...new Set(refused.map(({ reason }) => reason))].slice(0, 5);
  const lines = reasons.map((reason) => {
    const [first, ...others] = refused.filter((each) => each.reason === reason);
    return `Not sent: ${first?.id}${others.length > 0 ? ` and ${others.length} more` : ''}: ${reason}`;
  });
  return [parts.join('; '), ...lines].join('\n');
}
