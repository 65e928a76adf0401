import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import * as z from 'zod';
import { day } from '../functions/contract/fields.ts';
import type { Capability, Method } from '../functions/contract/operation.ts';
import { operations } from '../functions/operations.ts';
import type { ScheduleDefinition } from '../functions/schedules.ts';
import { apiGatewayEvent } from './event.ts';
import { apiFunction, type Fire } from './functions.ts';
import { loopbackOnly } from './loopback-only.ts';
import { mountPage, type PageCall } from './page/page.ts';
import { newToken } from './page/token.ts';

/** The largest request that API Gateway accepts, in bytes. */
const LARGEST_REQUEST = 10 * 1024 * 1024;

/** The longest parameter in a path, in characters: longer than any id of the contract when it is percent-encoded. */
const LONGEST_PARAMETER = 10_000;

/** The API on loopback: every operation of the contract by its deployed function; the page at `/`; and `/_local/schedules/…`, which fires
 *  a schedule by hand. Port 0: any free port. */
export async function startApi({
  port,
  schedules = [],
  fire,
}: {
  port: number;
  /** Those that can be fired by hand, by `fire`. */
  schedules?: readonly ScheduleDefinition[];
  fire?: Fire;
}): Promise<{ url: string; pageUrl: string; close: () => Promise<void> }> {
  const server = fastify({
    bodyLimit: LARGEST_REQUEST,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    forceCloseConnections: true,
    exposeHeadRoutes: false,
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  loopbackOnly(server, (reply) => gatewayRefusal(reply, 403, 'Forbidden'));
  server.setErrorHandler(({ statusCode = 500, message }: { statusCode?: number; message: string }, _request, reply) =>
    gatewayRefusal(reply, statusCode, message),
  );

  for (const { method, path, capability } of operations) {
    await route(server, {
      method,
      path: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      routeKey: `${method} ${path}`,
      capability,
    });
  }
  const service = await apiFunction('service');
  server.setNotFoundHandler(async (request, reply) => send(reply, await service(apiGatewayEvent(request, '$default'))));
  if (fire) for (const schedule of schedules) fireByHand(server, schedule, fire);

  // Anyone on this machine may call the API, as the bot does, and so change things; the page's token keeps other sites out.
  const token = newToken();
  mountPage(server, { token, write: true, place: 'this machine', forward: callFunction });

  const url = await server.listen({ host: '127.0.0.1', port });
  return { url, pageUrl: `${url}/?token=${token}`, close: () => server.close() };
}

/** Runs a call of the page by the function that the API calls. */
async function callFunction({ operation: { method, path, capability }, url, request }: PageCall) {
  const run = await apiFunction(capability);
  const { headers, body, host, ip } = request;
  const result = await run(apiGatewayEvent({ url, method, headers, body, host, ip }, `${method} ${path}`));
  return {
    status: result.statusCode ?? 200,
    headers: (result.headers ?? {}) as Record<string, string>,
    body: result.body ?? '',
  };
}

interface Route {
  readonly method: Method;
  readonly path: string;
  readonly routeKey: string;
  readonly capability: Capability;
}

async function route(server: FastifyInstance, { method, path, routeKey, capability }: Route): Promise<void> {
  const run = await apiFunction(capability);
  server.route({
    method,
    url: path,
    handler: async (request, reply) => send(reply, await run(apiGatewayEvent(request, routeKey))),
  });
}

function send(reply: FastifyReply, result: Awaited<ReturnType<Awaited<ReturnType<typeof apiFunction>>>>): FastifyReply {
  return reply
    .code(result.statusCode ?? 200)
    .headers((result.headers ?? {}) as Record<string, string>)
    .send(result.body);
}

/** A refusal as API Gateway itself would answer it. */
const gatewayRefusal = (reply: FastifyReply, status: number, message: string): FastifyReply =>
  reply.code(status).send({ message });

const At = z.iso.datetime({ offset: true, error: 'must be a time with an offset, such as 2026-11-22T00:05:00Z' });
const ByHand = z.strictObject({
  at: At.default(() => new Date().toISOString()),
  kind: z.enum(['daily', 'weekly'], 'must be daily or weekly').optional(),
  date: day.optional(),
  resend: z
    .enum(['true', 'false'], 'must be true or false')
    .transform((value) => value === 'true')
    .optional(),
});

function fireByHand(server: FastifyInstance, schedule: ScheduleDefinition, fire: Fire): void {
  server.post(`/_local/schedules/${schedule.name}`, async ({ query }, reply) => {
    const parsed = ByHand.safeParse(query);
    if (!parsed.success) {
      const wrong = parsed.error.issues.map(({ path, message }) => [...path, message].join(' '));
      return gatewayRefusal(reply, 400, wrong.join('; '));
    }
    const { at, ...byHand } = parsed.data;
    return await fire(schedule, at, byHand);
  });
}
