import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { inBatches } from '../support/matching.ts';
import type { Reply, Sending } from '../support/service.ts';
import type { History } from './history.ts';

/** A writing request, which can be repeated unchanged. */
export interface Write {
  readonly route: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Call = (route: string, sending?: Sending) => Promise<Reply>;

/** Sends a write, which must be accepted completely. Retries like a bot while the database is busy. */
export async function send(call: Call, write: Write): Promise<Reply> {
  const { route, ...sending } = write;
  const reply = await call(route, sending);
  if (reply.status === 503 && reply.headers['retry-after']) {
    await sleep(200);
    return send(call, write);
  }
  expect(reply.status, `${route}: ${JSON.stringify(reply.body)}`).toBeLessThan(300);
  expect(reply.body.rejected ?? []).toEqual([]);
  return reply;
}

export async function sendAll(call: Call, writes: readonly Write[]): Promise<void> {
  for (const write of writes) await send(call, write);
}

const keyed = () => ({ 'idempotency-key': crypto.randomUUID() });

export const save = (bot_id: string, snapshot: object): Write => ({
  route: 'POST /snapshots',
  body: { bot_id, ...snapshot },
  headers: keyed(),
});

export const rollBack = (bot_id: string, to: object = {}): Write => ({
  route: 'POST /snapshots/rollback',
  body: { bot_id, ...to },
  headers: keyed(),
});

const ofBot = (bot_id: string, items: readonly object[]) => items.map((item) => ({ bot_id, ...item }));

export const linksIn = (bot_id: string, links: readonly object[], size: number): Write[] =>
  inBatches(links, size).map((batch) => ({ route: 'POST /trade-links', body: ofBot(bot_id, batch) }));

export const fillsIn = (bot_id: string, fills: readonly object[], size: number): Write[] =>
  inBatches(fills, size).map((batch) => ({ route: 'POST /fills', body: ofBot(bot_id, batch) }));

export const start = (bot_id: string, experiment: object): Write => ({
  route: 'POST /experiments',
  body: { bot_id, design: 'switchback', ...experiment },
  headers: keyed(),
});

export const summaries = (bot_id: string, { from, to }: Pick<History, 'from' | 'to'>): Write => ({
  route: 'POST /summaries',
  body: { bot_id, from, to },
});

/** The writes of a history: snapshots in order, then links and fills, then the summaries of its days. */
export const writesOf = (bot_id: string, history: History, size = 25): Write[] => [
  ...history.snapshots.map((snapshot) => save(bot_id, snapshot)),
  ...linksIn(bot_id, history.links, size),
  ...fillsIn(bot_id, history.fills, size),
  summaries(bot_id, history),
];
