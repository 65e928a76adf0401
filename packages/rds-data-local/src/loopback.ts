import type { FastifyInstance } from 'fastify';
import { DataApiError } from './protocol/errors.ts';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
const JSON_TYPES = /^application\/(json|x-amz-json-1\.[01])\b/;

/** Rejects requests of web pages: a page can reach loopback under its own host name (DNS rebinding), and can post anything but JSON
 *  without a CORS preflight. */
export function serveProgramsOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPES, { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
  app.addHook('onRequest', async ({ headers }) => {
    if (headers.origin === undefined && LOOPBACK.test(headers.host ?? '')) return;
    throw new DataApiError('ForbiddenException', 'Only programs of this machine are served, under a name of loopback');
  });
}
