import type { Reply, Sending } from '../support/service.ts';
import type { Call, Write } from './writes.ts';

/** An operation of a server that may go away: as a bot calls it, over the network. */
export const callOf =
  (api: string): Call =>
  async (route: string, { body, headers = {} }: Sending = {}): Promise<Reply> => {
    const [method = 'GET', path = '/'] = route.split(' ');
    const answer = await fetch(api + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.json() };
  };

/** Sends one after the other until nobody answers. @returns those that were acknowledged */
export async function acknowledgedBy(call: Call, writes: readonly Write[]): Promise<Write[]> {
  const acknowledged: Write[] = [];
  for (const write of writes) {
    const reply = await call(write.route, write).catch(() => null);
    // A server whose database was killed first says so.
    if (!reply || reply.status >= 500) return acknowledged;
    if (reply.status >= 300) throw new Error(`${write.route}: ${JSON.stringify(reply.body)}`);
    acknowledged.push(write);
  }
  return acknowledged;
}

/** Sends what was acknowledged once more: whether all of it is known already. A key has its first answer, so that a snapshot
 *  goes without: identical at the same time, it stands there already. */
export async function duplicatesOf(call: Call, { route, body }: Write): Promise<unknown> {
  const { body: said } = await call(route, { body });
  if (route === 'POST /snapshots') return said.changed === false ? 'all' : said;
  if (route === 'POST /fills') return said.duplicates === (body as unknown[]).length ? 'all' : said;
  if (route === 'POST /trade-links') return said.unchanged === (body as unknown[]).length ? 'all' : said;
  return 'all';
}
