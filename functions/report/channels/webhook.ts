import { createHmac } from 'node:crypto';
import { type Channel, idOf } from './channel.ts';

/** Least bytes of a signing secret, by the specification. */
const LEAST_SECRET = 24;

/** The receiver's own endpoint: `webhook://<secret>@host/path`, over HTTPS. The secret is in base64, with or without `whsec_`. Signed as
 *  Standard Webhooks says, for which there are libraries in many languages: HMAC-SHA256 over `<id>.<timestamp>.<body>`. The id is that of
 *  the report, so that a receiver can ignore a resend.
 *  https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *  @returns a sentence about what is wrong with the address */
export function webhook(origin: string, { username, pathname, search, host }: URL): Channel | string {
  const secret = decodeURIComponent(username);
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length < LEAST_SECRET) return 'needs a secret of at least 24 bytes in base64 before the @';
  return {
    kind: 'webhook',
    id: idOf('webhook', `${host}${pathname}${search}`),
    secrets: [secret, ...(pathname.length > 1 ? [pathname] : []), ...(search.length > 1 ? [search] : [])],
    request: ({ kind, date, text, chart }, at) => {
      const id = `${kind}-${date}`;
      const timestamp = String(Math.floor(at.getTime() / 1000));
      const body = JSON.stringify({
        type: 'report',
        timestamp: at.toISOString(),
        data: {
          kind,
          date,
          text,
          chart: chart && {
            content_type: 'image/png',
            description: chart.alt,
            base64: chart.png.toString('base64'),
          },
        },
      });
      return {
        url: `${origin}${pathname}${search}`,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': signatureOf(key, `${id}.${timestamp}.${body}`),
        },
        body,
      };
    },
  };
}

const signatureOf = (key: Buffer, content: string): string =>
  `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
