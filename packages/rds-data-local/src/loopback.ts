import type { FastifyInstance } from 'fastify';
import { DataApiError } from './protocol/errors.ts';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
const JSON_TYPES = /^application\/(json|x-amz-json-1\.[01])\b/;

/** Serves programs of this machine, and no page in a browser: a page may reach loopback under a name of its own, and may post
 *  anything but JSON without asking first. */
export function serveProgramsOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPES, { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
  app.addHook('onRequest', async ({ headers }) => {
    if (headers.origin === undefined && LOOPBACK.test(headers.host ?? '')) return;
    throw new DataApiError('ForbiddenException', 'Only programs of this machine are served, under a name of loopback');
  });
}
