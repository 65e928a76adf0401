import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { afterAll } from 'vitest';
import { startInbox } from '../../local/inbox.ts';

/** A mail as the inbox shows it: its charts put into its page. */
export interface StoredMail {
  readonly from: string;
  readonly subject: string;
  readonly destination: { readonly to: readonly string[] };
  readonly body: { readonly html?: string; readonly text?: string };
}

/** How the mail service treats a recipient: takes the mail, refuses it, is asked too often, hangs up without an answer, or takes
 *  the mail and then hangs up. */
export type Treatment = 'take' | 'refuse' | 'throttle' | 'hang up' | 'take and hang up';

const refusals: Partial<Record<Treatment, readonly [code: string, message: string]>> = {
  refuse: ['MessageRejected', 'Email address is not verified.'],
  throttle: ['Throttling', 'Maximum sending rate exceeded.'],
};

/** An SES on loopback that keeps what it takes, behind a door that can fail. Ends with the test file. */
export async function startMailService() {
  const { url: behind, close } = await startInbox({ port: 0 });
  const treatments = new Map<string, Treatment>();
  const calls: string[] = [];
  const taken: Buffer[] = [];
  const takenFor: string[] = [];

  const door = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const sent = new URLSearchParams(body.toString());
    const recipient = sent.get('Destinations.member.1') ?? '';
    calls.push(recipient);
    const treatment = treatments.get(recipient) ?? 'take';
    if (treatment === 'hang up') return request.socket.destroy();
    const refusal = refusals[treatment];
    if (refusal) {
      const [code, message] = refusal;
      response.writeHead(400, { 'content-type': 'text/xml' });
      return response.end(
        `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
      );
    }
    taken.push(Buffer.from(sent.get('RawMessage.Data') ?? '', 'base64'));
    takenFor.push(recipient);
    if (treatment === 'take and hang up') return request.socket.destroy();
    const { 'content-type': type = '', authorization = '' } = request.headers;
    const answer = await fetch(behind, { method: 'POST', headers: { 'content-type': type, authorization }, body });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/xml' });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  afterAll(async () => {
    door.closeAllConnections();
    door.close();
    // What an inbox holds outlives it in its process.
    await fetch(`${behind}/clear-store`, { method: 'POST' });
    await close();
  });

  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    /** Whom it was asked to mail, in order. */
    calls,
    /** Whose mail it took, in order, whatever it answered. */
    takenFor,
    treat: (recipient: string, treatment: Treatment) => treatments.set(recipient, treatment),
    /** The MIME messages that it took, in order, and what a mail client reads in them. */
    messages: async (): Promise<{ readonly raw: string; readonly parsed: ParsedMail }[]> =>
      Promise.all(
        taken.map(async (raw) => ({
          raw: raw.toString(),
          parsed: await simpleParser(raw, { keepCidLinks: true }),
        })),
      ),
    mails: async (): Promise<StoredMail[]> =>
      ((await (await fetch(`${behind}/store`)).json()) as { emails: StoredMail[] }).emails,
  };
}
