import fastify, { type FastifyRequest } from 'fastify';
import { loopbackOnly } from '../../local/loopback-only.ts';
import { mountPage, type PageAnswer, type PageCall } from '../../local/page/page.ts';
import { newToken } from '../../local/page/token.ts';
import type { Send } from '../service/send.ts';

/** The largest request that API Gateway accepts, in bytes. */
const LARGEST_REQUEST = 10 * 1024 * 1024;

export interface ServedPage {
  /** With the token that opens it. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves the page on loopback, and sends its calls to a service elsewhere, by `send`, which signs them where the service is on AWS. Port 0:
 *  any free port. */
export async function servePage({
  send,
  write,
  place,
  port,
}: {
  readonly send: Send;
  readonly write: boolean;
  readonly place: string;
  readonly port: number;
}): Promise<ServedPage> {
  const server = fastify({ bodyLimit: LARGEST_REQUEST, forceCloseConnections: true, exposeHeadRoutes: false });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  loopbackOnly(server, (reply) => reply.code(403).send({ message: 'Forbidden' }));
  const token = newToken();
  mountPage(server, { token, write, place, forward: (call) => forwarded(call, send) });
  const url = await server.listen({ host: '127.0.0.1', port });
  return { url: `${url}/?token=${token}`, close: () => server.close() };
}

/** Headers of the page that the service reads, and of the service that the page reads. */
const REQUEST_HEADERS = ['if-none-match', 'idempotency-key'];
const RESPONSE_HEADERS = ['content-type', 'etag', 'retry-after'];

async function forwarded({ url, request }: PageCall, send: Send): Promise<PageAnswer> {
  const headers = Object.fromEntries(
    REQUEST_HEADERS.flatMap((name) => (request.headers[name] ? [[name, String(request.headers[name])]] : [])),
  );
  try {
    const response = await send(url, bodyOf(request), { method: request.method, headers });
    return {
      status: response.status,
      headers: Object.fromEntries(
        RESPONSE_HEADERS.flatMap((name) => {
          const value = response.headers.get(name);
          return value === null ? [] : [[name, value]];
        }),
      ),
      body: Buffer.from(await response.arrayBuffer()),
    };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return {
      status: 502,
      headers: { 'content-type': 'application/problem+json' },
      body: JSON.stringify({ type: 'about:blank', title: 'Bad Gateway', status: 502, detail }),
    };
  }
}

/** The body of a write, as JSON; an empty one is an empty object. */
function bodyOf({ method, body }: FastifyRequest): unknown {
  if (method === 'GET') return undefined;
  return Buffer.isBuffer(body) && body.length > 0 ? JSON.parse(body.toString('utf8')) : {};
}
