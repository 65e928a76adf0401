import type { FastifyInstance, FastifyReply } from 'fastify';

/** Refuses requests of other sites: a page in a browser may reach loopback under its own host name (DNS rebinding), or post across sites.
 *  @param refuse answers with the reason */
export function loopbackOnly(server: FastifyInstance, refuse: (reply: FastifyReply) => FastifyReply): void {
  server.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    const isOurs = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host ?? '');
    if (!isOurs || (origin !== undefined && origin !== `http://${host}`)) return refuse(reply);
  });
}
