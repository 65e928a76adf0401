import fastify, { type FastifyReply } from 'fastify';
import * as z from 'zod';
import { loopbackOnly } from '../loopback-only.ts';
import { forwardThrough } from './forward.ts';
import { type Mail, openMails } from './mails.ts';
import { listPage, mailPage } from './pages.ts';
import { errorXml, readCall, sentXml } from './ses.ts';

/** The largest request, in bytes: SES accepts messages of 10 MB, which base64 and the form make longer. */
const LARGEST_REQUEST = 20 * 1024 * 1024;

/** Lets the page of a mail load its embedded charts and use its inline styles, and nothing else. */
const MAIL_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox";
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'";

/** An SES endpoint on loopback that keeps its mails in memory: `/` shows them in a browser, `/mails` lists them as JSON. With an SMTP server
 *  it mails them for real first; what that server refuses is refused. Port 0: any free port. */
export async function startInbox({
  port,
  smtpUrl,
}: {
  port: number;
  smtpUrl?: string | undefined;
}): Promise<{ url: string; close: () => Promise<void> }> {
  const mails = openMails();
  const forward = smtpUrl === undefined ? null : forwardThrough(smtpUrl);
  const server = fastify({ bodyLimit: LARGEST_REQUEST, forceCloseConnections: true });
  loopbackOnly(server, (reply) => reply.code(403).send({ message: 'Forbidden' }));
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );

  server.post('/', async ({ body }, reply) => {
    reply.type('text/xml');
    try {
      const { sender, recipients, message } = readCall(String(body));
      await forward?.(message, { from: sender, to: recipients });
      return sentXml(await mails.add(message, recipients));
    } catch (error) {
      const reason = error instanceof z.ZodError ? error.issues[0]?.message : (error as Error).message;
      return reply
        .code(400)
        .send(
          errorXml(
            error instanceof z.ZodError ? 'InvalidParameterValue' : 'MessageRejected',
            reason ?? 'the call is malformed',
          ),
        );
    }
  });

  server.get('/', async (_request, reply) => asPage(reply, listPage(mails.all())));
  server.get('/mails', async () => ({ mails: mails.all().map(summaryOf) }));
  const shown = (suffix: string, show: (mail: Mail, reply: FastifyReply, part: number) => unknown) =>
    server.get<{ Params: { id: string; part?: string } }>(`/mails/:id${suffix}`, async ({ params }, reply) => {
      const mail = mails.find(params.id);
      return mail ? show(mail, reply, Number(params.part)) : notFound(reply);
    });
  shown('', (mail, reply) => asPage(reply, mailPage(mail)));
  shown('/html', ({ parsed }, reply) =>
    reply
      .header('content-security-policy', MAIL_POLICY)
      .type('text/html; charset=utf-8')
      .send(parsed.html || ''),
  );
  shown('/text', ({ parsed }, reply) => reply.type('text/plain; charset=utf-8').send(parsed.text ?? ''));
  shown('/raw', ({ raw }, reply) => reply.type('text/plain; charset=utf-8').send(raw.toString()));
  shown('/attachments/:part', ({ parsed }, reply, part) => {
    const attachment = parsed.attachments[part];
    if (!attachment) return notFound(reply);
    const name = encodeURIComponent(attachment.filename ?? `attachment-${part}`);
    return reply
      .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
      .header('content-security-policy', MAIL_POLICY)
      .type(attachment.contentType)
      .send(attachment.content);
  });

  const url = await server.listen({ host: '127.0.0.1', port }).catch(() => {
    throw new Error(`port ${port} is taken or not allowed: set INBOX_PORT to another`);
  });
  return { url, close: () => server.close() };
}

const asPage = (reply: FastifyReply, page: string): FastifyReply =>
  reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(page);

const notFound = (reply: FastifyReply): FastifyReply => reply.code(404).send({ message: 'there is no such mail' });

/** A mail as JSON, without its attachments. */
const summaryOf = ({ id, at, from, to, parsed }: Mail) => ({
  ...{ id, at, from, to, subject: parsed.subject ?? '' },
  ...{ html: parsed.html || null, text: parsed.text ?? null },
  attachments: parsed.attachments.map(({ filename, contentType, size }) => ({
    filename: filename ?? null,
    contentType,
    size,
  })),
});
