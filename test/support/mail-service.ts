import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { afterAll } from 'vitest';
import { startInbox } from '../../local/inbox/inbox.ts';
import { reuse } from './reused.ts';

/** A mail as the inbox lists it, with charts embedded in its page. */
export interface StoredMail {
  readonly from: string;
  readonly subject: string;
  readonly to: readonly string[];
  readonly html: string;
  readonly text: string;
  readonly attachments: readonly { readonly filename: string; readonly contentType: string }[];
}

/** How the mail service treats a recipient: accepts the mail, refuses it, throttles, fails, disconnects without a response, or accepts the mail and
 *  then disconnects. */
export type Treatment = 'take' | 'refuse' | 'throttle' | 'fail' | 'hang up' | 'take and hang up';

const refusals: Partial<Record<Treatment, readonly [status: number, code: string, message: string]>> = {
  refuse: [400, 'MessageRejected', 'Email address is not verified.'],
  throttle: [400, 'Throttling', 'Maximum sending rate exceeded.'],
  fail: [500, 'InternalFailure', 'The request processing has failed.'],
};

/** Starts a local SES that stores accepted mails, behind a proxy that can fail. Stopped after the test file. */
export async function startMailService() {
  const { url: behind, close } = await startInbox({ port: 0 });
  const treatments = new Map<string, Treatment>();
  const calls: string[] = [];
  const taken: Buffer[] = [];
  const takenFor: string[] = [];
  const configurationSets: (string | null)[] = [];

  const isReused = reuse();
  const proxy = createServer(async (request, response) => {
    if (isReused(request.socket)) return request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const sent = new URLSearchParams(body.toString());
    const recipient = sent.get('Destinations.member.1') ?? '';
    calls.push(recipient);
    configurationSets.push(sent.get('ConfigurationSetName'));
    const treatment = treatments.get(recipient) ?? 'take';
    if (treatment === 'hang up') return request.socket.destroy();
    const refusal = refusals[treatment];
    if (refusal) {
      const [status, code, message] = refusal;
      response.writeHead(status, { 'content-type': 'text/xml' });
      return response.end(
        `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
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
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  afterAll(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await close();
  });

  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    /** Recipients of all requests, in order. */
    calls,
    /** The configuration set of each of them. */
    configurationSets,
    /** Recipients of accepted mails, in order, whatever the response was. */
    takenFor,
    /** Forgets the requests, and what was accepted; only the inbox keeps it. */
    forget() {
      calls.length = taken.length = takenFor.length = 0;
    },
    treat: (recipient: string, treatment: Treatment) => treatments.set(recipient, treatment),
    /** The accepted MIME messages, in order, raw and parsed. */
    messages: async (): Promise<{ readonly raw: string; readonly parsed: ParsedMail }[]> =>
      Promise.all(
        taken.map(async (raw) => ({
          raw: raw.toString(),
          parsed: await simpleParser(raw, { keepCidLinks: true }),
        })),
      ),
    /** The accepted mails, in order. */
    mails: async (): Promise<StoredMail[]> =>
      ((await (await fetch(`${behind}/mails`)).json()) as { mails: StoredMail[] }).mails.toReversed(),
  };
}
