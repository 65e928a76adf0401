import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { channelSecrets, startChannelServices } from '../../../support/channel-services.ts';
import { startMailService } from '../../../support/mail-service.ts';
import { startService } from '../../../support/service.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:strategy-snapshots/notify-AbCdEf';
const mail = await startMailService();
const channels = await startChannelServices();
const service = await startService({ ses: mail.url });

/** The value of the secret; null: it may not be read. */
let value: string | null = null;
const secrets = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const known = JSON.parse(body).SecretId === ARN && value !== null;
  response.writeHead(known ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(
    JSON.stringify(
      known ? { ARN, SecretString: value } : { __type: 'AccessDeniedException', Message: 'not authorized' },
    ),
  );
});
await new Promise<void>((resolve) => secrets.listen(0, '127.0.0.1', resolve));
afterAll(() => {
  secrets.closeAllConnections();
  secrets.close();
});
Object.assign(process.env, {
  NOTIFY_SECRET_ARN: ARN,
  NOTIFY_URLS: channels.urls.discord,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`,
});

beforeEach(() => {
  mail.calls.length = 0;
});

test('the addresses come from the secret, as it is at each run', async () => {
  value = channels.urls.telegram;
  expect(await service.fire('daily-report', '2026-02-02T07:00:00Z')).toMatchObject({ sent: 3 });
  value = `${channels.urls.telegram}\n${channels.urls.slack}\n`;
  expect(await service.fire('weekly-review', '2026-02-02T07:00:00Z')).toMatchObject({ sent: 4 });
  expect([channels.telegram.taken.length, channels.slack.taken.length, channels.discord.calls()]).toEqual([2, 1, 0]);
});

test.each([
  ['cannot be read', null, /not authorized/],
  ['is not a list of addresses', `${channels.urls.slack} https://example.com/hidden-path`, /wrong address: number 2/],
])('when the secret %s, the mail is sent, and the run fails', async (_, wrong, reason) => {
  value = wrong;
  const day = wrong === null ? '03' : '04';
  const error = await service.fire('daily-report', `2026-02-${day}T07:00:00Z`).catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(reason);
  for (const secret of channelSecrets) expect(String(error)).not.toContain(secret);
  expect(mail.calls).toHaveLength(2);
});
