import { spawnSync } from 'node:child_process';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import fc from 'fast-check';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startInbox } from '../../local/inbox/inbox.ts';

const inbox = await startInbox({ port: 0 });
afterAll(() => inbox.close());
const ses = new SESClient({
  endpoint: inbox.url,
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

const MESSAGE = `From: Strategy report <reports@example.com>
To: owner@example.com
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<script>alert(1)</script><p>$18.45</p>
--b
Content-Type: text/csv; name="a.csv"
Content-Disposition: attachment; filename="a.csv"

strategy,pnl
--b--
`.replaceAll('\n', '\r\n');

let id = '';
beforeAll(async () => {
  const sent = await ses.send(
    new SendRawEmailCommand({
      Source: 'reports@example.com',
      Destinations: ['owner@example.com', 'partner@example.com'],
      RawMessage: { Data: Buffer.from(MESSAGE) },
    }),
  );
  id = sent.MessageId ?? '';
});

test('a long mail is taken in one pass', () => {
  const mails = new URL('../../local/inbox/mails.ts', import.meta.url).href;
  const program = `import { openMails } from ${JSON.stringify(mails)};
    for (const [type, text] of [['plain', 'a@'.repeat(500_000)], ['html', '<div>'.repeat(400_000)]])
      await openMails().add(Buffer.from(\`Subject: a\\nContent-Type: text/\${type}\\n\\n\${text}\`), []);`;
  // Its text took minutes.
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { timeout: 60_000 });
  expect(status).toBe(0);
}, 90_000);

const get = (path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const { port } = new URL(inbox.url);
    request({ host: '127.0.0.1', port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    })
      .on('error', reject)
      .end();
  });

test('the inbox takes a mail from the SDK, and shows it as a list, a page, text, its source and attachments', async () => {
  expect((await get('/')).body).toContain('>Grüße</a>');
  const { mails } = JSON.parse((await get('/mails')).body);
  expect(mails).toMatchObject([
    { id, subject: 'Grüße', to: ['owner@example.com', 'partner@example.com'], attachments: [{ filename: 'a.csv' }] },
  ]);
  expect((await get(`/mails/${id}`)).body).toContain('<iframe sandbox ');
  expect((await get(`/mails/${id}/html`)).body).toContain('$18.45');
  expect((await get(`/mails/${id}/raw`)).body).toBe(MESSAGE);
  expect((await get(`/mails/${id}/attachments/0`)).body.trim()).toBe('strategy,pnl');
});

test('nothing in a mail runs', async () => {
  const { headers } = await get(`/mails/${id}/html`);
  expect(headers['content-security-policy']).toBe(
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
  );
});

test.each([
  ['another host name', { host: 'evil.example' }],
  ['another site', { origin: 'https://evil.example' }],
])('%s gets nothing', async (_, headers) => {
  expect((await get('/mails', headers)).status).toBe(403);
});

test('an unknown mail is 404, and no request ends the inbox', async () => {
  for (const path of ['/mails/x', '/mails/x/html', `/mails/${id}/attachments/7`, '/get-emlContent?messageId=x'])
    expect((await get(path)).status).toBe(404);
  await fc.assert(
    fc.asyncProperty(fc.webPath(), fc.webQueryParameters(), async (path, query) => {
      expect((await get(`${path || '/'}?${query}`)).status).toBeLessThan(500);
    }),
    { numRuns: 100, seed: 19 },
  );
  for (const body of ['', 'Action=SendEmail', 'Action=SendRawEmail&RawMessage.Data=%%%', 'Action=SendRawEmail']) {
    const answer = await fetch(inbox.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<Code>InvalidParameterValue</Code>');
  }
  expect((await get('/')).status).toBe(200);
});

/** An SMTP server that keeps what it takes, and refuses one recipient. */
async function startSmtp(): Promise<{ url: string; taken: { to: string[]; message: string }[] }> {
  const taken: { to: string[]; message: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      done(username === 'me' && password === 'secret' ? null : new Error('no such login'), { user: username }),
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith('refused') ? new Error('no such mailbox') : null),
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push({ to: envelope.rcptTo.map(({ address }) => address), message: Buffer.concat(chunks).toString() });
        done(null);
      });
    },
    // The client need not verify a certificate that this server makes up.
    disabledCommands: ['STARTTLS'],
  });
  const { port } = await new Promise<AddressInfo>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve(listening.address() as AddressInfo));
  });
  onTestFinished(() => new Promise((done) => server.close(() => done())));
  return { url: `smtp://me:secret@127.0.0.1:${port}`, taken };
}

const send = (url: string, Destinations: string[]) =>
  new SESClient({
    endpoint: url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  }).send(
    new SendRawEmailCommand({
      Source: 'reports@example.com',
      Destinations,
      RawMessage: { Data: Buffer.from(MESSAGE) },
    }),
  );

test('with an SMTP server a mail is sent for real, and kept too; what the server refuses is refused', async () => {
  const smtp = await startSmtp();
  const forwarding = await startInbox({ port: 0, smtpUrl: smtp.url });
  onTestFinished(() => forwarding.close());
  await send(forwarding.url, ['owner@example.com']);
  expect(smtp.taken).toEqual([{ to: ['owner@example.com'], message: MESSAGE }]);
  await expect(send(forwarding.url, ['refused@example.com'])).rejects.toMatchObject({ name: 'MessageRejected' });
  const { mails } = (await (await fetch(`${forwarding.url}/mails`)).json()) as { mails: unknown[] };
  expect(mails).toHaveLength(1);
});
