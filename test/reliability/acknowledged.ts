import type { Reply, Sending } from '../support/service.ts';
import type { Call, Write } from './writes.ts';

/** Calls an operation of a server that may crash, over the network like a bot. */
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

/** Sends writes one after the other until the server is gone. @returns the acknowledged ones */
export async function acknowledgedBy(call: Call, writes: readonly Write[]): Promise<Write[]> {
  const acknowledged: Write[] = [];
  for (const write of writes) {
    const reply = await call(write.route, write).catch(() => null);
    // A server whose database was killed first answers with an error.
    if (!reply || reply.status >= 500) return acknowledged;
    if (reply.status >= 300) throw new Error(`${write.route}: ${JSON.stringify(reply.body)}`);
    acknowledged.push(write);
  }
  return acknowledged;
}

/** Sends an acknowledged write again, without its idempotency key, which would only return the first response.
 *  @returns 'all' when everything in it was already stored, otherwise the response */
export async function duplicatesOf(call: Call, { route, body }: Write): Promise<unknown> {
  const { body: reply } = await call(route, { body });
  if (route === 'POST /snapshots') return reply.changed === false ? 'all' : reply;
  if (route === 'POST /fills') return reply.duplicates === (body as unknown[]).length ? 'all' : reply;
  if (route === 'POST /trade-links') return reply.unchanged === (body as unknown[]).length ? 'all' : reply;
  return 'all';
}
