import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Operation } from '../../functions/contract/operation.ts';
import { lazily } from '../../functions/lazily.ts';
import { operations } from '../../functions/operations.ts';
import { bundlePage } from './bundle.ts';
import { lockedPage } from './locked.ts';
import { isToken, tokenCookie, tokenIn } from './token.ts';

/** A call of the page, on its way to the service. */
export interface PageCall {
  readonly operation: Operation;
  /** The path of the API, with its query. */
  readonly url: string;
  readonly request: FastifyRequest;
}

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface PageSettings {
  readonly token: string;
  /** Whether the page may change anything. */
  readonly write: boolean;
  /** What the page names as the place of its data. @example 'stage dev' */
  readonly place: string;
  readonly forward: (call: PageCall) => Promise<PageAnswer>;
}

/** Where the page's calls of the API begin. */
const API = '/_page/api';

/** Scripts, styles and calls of this server only. Plot adds style elements to its charts. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For a report in a frame: its inline styles and embedded charts, and nothing else. */
const REPORT_POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation; frame-ancestors 'self'";

/** Serves the page at `/`, and forwards its calls under `/_page/api`: only operations of the contract, only to someone with the token, and
 *  never for another site. */
export function mountPage(server: FastifyInstance, { token, write, place, forward }: PageSettings): void {
  const port = (): number => {
    const [address] = server.addresses();
    return typeof address === 'object' ? address.port : 0;
  };
  const isOpen = ({ headers }: FastifyRequest) => isToken(tokenIn(headers.cookie, port()), token);
  const bundled = lazily(bundlePage);
  // Half a second of work, done before someone looks. A failure is reported to who looks.
  server.addHook('onListen', async () => {
    bundled().catch(() => {});
  });

  server.get<{ Querystring: { token?: string; again?: string } }>('/', async (request, reply) => {
    safely(reply, POLICY);
    if (isToken(request.query.token, token)) {
      return reply.header('set-cookie', tokenCookie(token, port())).redirect('/', 303);
    }
    reply.type('text/html; charset=utf-8');
    if (!isOpen(request)) return reply.code(401).send(lockedPage(request.query.again !== undefined));
    return (await bundled()).html;
  });

  const guarded = (run: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) => ({
    exposeHeadRoute: false,
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      safely(reply, REPORT_POLICY);
      if (!isOwn(request)) return refuse(reply, 403, 'only the page itself may ask this');
      if (!isOpen(request)) return refuse(reply, 401, 'open the address that the terminal printed at the last start');
      return run(request, reply);
    },
  });
  server.get(
    '/_page/session',
    guarded(async () => ({ write, place })),
  );
  server.get<{ Params: { name: string } }>('/_page/assets/:name', async (request, reply) => {
    if (!isOpen(request)) return refuse(reply, 401, 'open the address that the terminal printed at the last start');
    const asset = (await bundled()).assets.get(request.params.name);
    if (!asset) return refuse(reply, 404, 'there is no such file');
    return safely(reply, POLICY).type(asset.type).header('content-encoding', 'gzip').send(asset.gzipped);
  });

  for (const operation of operations) {
    server.route({
      method: operation.method,
      url: `${API}${operation.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ...guarded(async (request, reply) => {
        if (operation.method !== 'GET' && !write)
          return refuse(reply, 403, 'this page only reads: start it again with --write to change anything');
        // The router takes %5Fpage for _page; what is cut off would then be another path, or even another host.
        if (!request.url.startsWith(`${API}/`)) return refuse(reply, 404, 'write the path as it is');
        const answer = await forward({ operation, url: request.url.slice(API.length), request });
        return reply.code(answer.status).headers(answer.headers).send(answer.body);
      }),
    });
  }
}

/** Whether a request comes from the page itself: browsers say so, and a page of another port or site cannot change what they say. */
const isOwn = ({ headers }: FastifyRequest): boolean =>
  headers['sec-fetch-site'] === undefined || headers['sec-fetch-site'] === 'same-origin';

const refuse = (reply: FastifyReply, status: number, detail: string): FastifyReply =>
  reply.code(status).type('application/problem+json').send({ type: 'about:blank', title: 'Refused', status, detail });

/** Nothing is cached without asking again, guessed to be of another type, or named to other sites. */
const safely = (reply: FastifyReply, policy: string): FastifyReply =>
  reply.headers({
    'content-security-policy': policy,
    'cache-control': 'no-cache',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
