import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Operation } from '../../functions/contract/operation.ts';
import { Rejected } from '../../functions/contract/problem.ts';
import { linkTrades, MOST_LINKS } from '../../functions/trade-links/contract.ts';
import { MOST_FILLS, recordFills } from '../../functions/trades/contract.ts';
import { type Api, UnexpectedStatus } from '../service/api.ts';
import { inLanes } from './lanes.ts';
import { problemIn } from './problem.ts';
import { sendSnapshots } from './send-snapshots.ts';
import { sendUndone } from './send-undone.ts';
import { skip } from './staging.ts';

/** The outcome of an import. Refused items are also counted as skipped. */
export interface Sent {
  readonly snapshots: Counts;
  readonly fills: Counts;
  readonly links: Counts;
  /** Fills of earlier imports that the exchange has undone since. */
  readonly voided: number;
  readonly refused: number;
}
export interface Counts {
  readonly new: number;
  /** Existing items whose null fields were set. */
  readonly updated?: number;
  readonly known: number;
  /** Existing links with other values, which are kept. */
  readonly differing?: number;
}

/** Sends the staged history: snapshots first, then fills in the order in which they are matched and, at the same time, links. The bot's links
 *  precede the triggers of its orders, because the first write wins. Sending is idempotent. */
export async function send(
  staging: DatabaseSync,
  api: Api,
  onSent: (sent: number, what: string) => void,
): Promise<Sent> {
  let sent = 0;
  const onSentOf = (what: string) => (more: number) => {
    sent += more;
    onSent(sent, what);
  };
  const refusedBefore = countOf(staging);
  const snapshots = await sendSnapshots(staging, api, onSentOf('snapshots'));
  const [fills, links] = await Promise.all([
    sendItems(staging, api, {
      operation: recordFills,
      most: MOST_FILLS,
      sql: 'SELECT bot_id, body FROM fills ORDER BY bot_id, filled_at, side, fill_id',
      onSent: onSentOf('fills'),
    }),
    sendItems(staging, api, {
      operation: linkTrades,
      most: MOST_LINKS,
      sql: 'SELECT bot_id, body FROM links ORDER BY bot_id, claimed IS NULL, link_id',
      onSent: onSentOf('links'),
    }),
  ]);
  const voided = await sendUndone(staging, api);
  return { snapshots, fills, links, voided, refused: countOf(staging) - refusedBefore };
}

const countOf = (staging: DatabaseSync): number =>
  Number(staging.prepare('SELECT coalesce(sum(count), 0) AS count FROM skipped').get()?.count);

/** Largest request in bytes. API Gateway resets the connection of a much larger one before it answers. */
const LARGEST_REQUEST = 1024 * 1024;

/** The counts of `POST /fills` and `POST /trade-links`, under the names of each. */
const Answer = z.object({
  ...{ accepted: z.int().default(0), duplicates: z.int().default(0) },
  ...{ created: z.int().default(0), unchanged: z.int().default(0) },
  updated: z.int().default(0),
  results: z.array(z.object({ conflicts: z.array(z.unknown()) })).default([]),
  rejected: z.array(Rejected).default([]),
});

async function sendItems(
  staging: DatabaseSync,
  api: Api,
  { operation, most, sql, onSent }: { operation: Operation; most: number; sql: string; onSent: (sent: number) => void },
): Promise<Required<Counts>> {
  const counts = { new: 0, updated: 0, known: 0, differing: 0 };
  const flush = async (batch: readonly string[]): Promise<void> => {
    const answer = await post(api, operation, batch);
    if (answer === null) {
      const half = Math.ceil(batch.length / 2);
      await flush(batch.slice(0, half));
      return flush(batch.slice(half));
    }
    counts.new += answer.accepted + answer.created;
    counts.updated += answer.updated;
    counts.known += answer.duplicates + answer.unchanged;
    counts.differing += answer.results.filter(({ conflicts }) => conflicts.length > 0).length;
    for (const { id, reason } of answer.rejected) skip(staging, `refused by the service: ${reason}`, id ?? '');
    onSent(batch.length);
  };
  const batches = batchesOf(staging.prepare(sql).iterate() as Iterable<StagedItem>, most);
  await inLanes(
    batches,
    ({ bots }) => bots,
    ({ bodies }) => flush(bodies),
  );
  return counts;
}

interface StagedItem {
  readonly bot_id: string;
  /** JSON. */
  readonly body: string;
}

interface Batch {
  readonly bots: readonly string[];
  readonly bodies: readonly string[];
}

function* batchesOf(items: Iterable<StagedItem>, most: number): Generator<Batch> {
  let [bots, bodies, bytes] = [new Set<string>(), [] as string[], 0];
  for (const { bot_id, body } of items) {
    const more = Buffer.byteLength(body);
    if (bodies.length === most || (bodies.length > 0 && bytes + more > LARGEST_REQUEST)) {
      yield { bots: [...bots], bodies };
      [bots, bodies, bytes] = [new Set(), [], 0];
    }
    bots.add(bot_id);
    bodies.push(body);
    bytes += more;
  }
  if (bodies.length > 0) yield { bots: [...bots], bodies };
}

/** @returns null when the batch is too large, as with long breakdowns. When all of a batch was refused, the answer is a problem with
 *  the same list. */
async function post(
  api: Api,
  operation: Operation,
  bodies: readonly string[],
): Promise<z.output<typeof Answer> | null> {
  try {
    return Answer.parse((await api(operation, { body: bodies.map((body) => JSON.parse(body)) })).body);
  } catch (error) {
    if (!(error instanceof UnexpectedStatus)) throw error;
    const rejected = error.status === 400 && problemIn(error.text)?.rejected;
    if (rejected) return Answer.parse({ rejected });
    if (error.status === 413 && bodies.length > 1) return null;
    throw error;
  }
}
