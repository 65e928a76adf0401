import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { dayAfter } from '../../../../functions/summaries/days.ts';
import { channelSecrets, startChannelServices, WEBHOOK_SECRET } from '../../../support/channel-services.ts';
import { startMailService } from '../../../support/mail-service.ts';
import { startService } from '../../../support/service.ts';

const PNG = '\x89PNG';
// Drawing takes most of the time of a report, and is tested elsewhere.
vi.mock('../../../../functions/report/charts/png.ts', () => ({ pngOf: async () => Buffer.from(PNG, 'latin1') }));

const mail = await startMailService();
const channels = await startChannelServices();
process.env.NOTIFY_URLS = Object.values(channels.urls).join(' ');
const service = await startService({ ses: mail.url });

const kinds = ['telegram', 'discord', 'slack', 'webhook'] as const;
/** How each kind of channel fails. What is sent depends on the kind, and what an answer means does not: at full size all are combined. */
const failures =
  process.env.RELIABILITY === 'full'
    ? kinds.flatMap((kind) =>
        (['fail', 'take and fail', 'take and hang up'] as const).map((how) => [kind, how] as const),
      )
    : ([
        ['telegram', 'fail'],
        ['discord', 'take and fail'],
        ['slack', 'take and hang up'],
        ['webhook', 'take and fail'],
      ] as const);
let day = 0;
/** Fires the daily report of another day. */
const nextDay = () => {
  day += 1;
  const date = dayAfter('2026-02-04', day);
  return { date, fire: () => service.fire('daily-report', `${dayAfter(date)}T07:00:00Z`) };
};
const deliveries = (date: string) =>
  service.sql<{ channel: string; status: string; error: string | null }>(
    "SELECT split_part(recipient, ':', 1) AS channel, status, error FROM report_deliveries WHERE date = $1::date AND recipient NOT LIKE '%@%' ORDER BY 1",
    [date],
  );
const statusOf = async (date: string, kind: string) =>
  (await deliveries(date)).find(({ channel }) => channel === kind)?.status;

/** The receiver that the documentation shows. */
function receiverInDocs() {
  const [, code = ''] = /```js\n([\s\S]+?)```/.exec(readFileSync('docs/channels.md', 'utf8')) ?? [];
  return import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
}

beforeEach(async () => {
  if (day === 0) {
    const body = { config: { a: 1 }, notes: '*bold* <@here> "first"', active_from: '2026-02-01T00:00:00Z' };
    await service.call('POST /snapshots', { body });
    const fill = { symbol: 'A-USD', size: '1', fee_usd: '0' };
    await service.call('POST /fills', {
      body: ['02', '03', '04', '05'].flatMap((date) => [
        {
          ...fill,
          fill_id: `b${date}`,
          order_id: `b${date}`,
          side: 'buy',
          price: '10',
          filled_at: `2026-02-${date}T10:00:00Z`,
        },
        {
          ...fill,
          fill_id: `s${date}`,
          order_id: `s${date}`,
          side: 'sell',
          price: '12',
          filled_at: `2026-02-${date}T11:00:00Z`,
        },
      ]),
    });
  }
  for (const kind of kinds) {
    channels[kind].treat('take');
    channels[kind].taken.length = 0;
  }
});

describe('a report', () => {
  test('is sent to each channel as a short message with its chart, as the channel’s documents say', async () => {
    expect(await nextDay().fire()).toMatchObject({ date: '2026-02-05', sent: 6 });
    const [telegram, discord, slack, webhook] = kinds.map((kind) => channels[kind].taken);
    for (const taken of [telegram, discord, slack, webhook]) expect(taken).toHaveLength(1);

    // A form's lines end with CR LF.
    const text = String(telegram?.[0]?.form?.get('caption')).replaceAll('\r\n', '\n');
    expect(text).toBe(
      [
        'Strategy report, Thursday, 5 February 2026',
        'Nothing to compare yet: these are the bot’s first settings.',
        'P&L of the day: $2.00, 1 trade, 100.0 % won.',
        'Leave them running until they have 7 days with trades (now 4) and 30 trades (now 4); then change one setting.',
        'No order is linked to its signal: all are attributed by time. Make the bot send its links (POST /trade-links).',
      ].join('\n'),
    );
    const chart = telegram?.[0]?.form?.get('photo') as File;
    expect(Buffer.from(await chart.arrayBuffer()).toString('latin1')).toMatch(new RegExp(`^${PNG}`));
    expect(telegram?.[0]?.form?.get('chat_id')).toBe('-1001');
    expect(telegram?.[0]?.form?.get('parse_mode')).toBeNull();

    const payload = JSON.parse(String(discord?.[0]?.form?.get('payload_json')));
    expect(payload.content).toBe(text);
    expect(payload.allowed_mentions).toEqual({ parse: [] });
    expect(payload.attachments).toEqual([{ id: 0, filename: 'chart.png', description: expect.stringMatching(/\w/) }]);
    expect(discord?.[0]?.form?.get('files[0]')).toMatchObject({ type: 'image/png', name: 'chart.png' });

    const { text: fallback, blocks } = JSON.parse(slack?.[0]?.body ?? '{}');
    expect(fallback).toBe(text.replace('&', '&amp;'));
    expect(blocks[0]).toEqual({ type: 'section', text: { type: 'plain_text', text, emoji: false } });
    expect(blocks[1].elements[0].text).toBe(payload.attachments[0].description);

    const { data } = JSON.parse(webhook?.[0]?.body ?? '{}');
    expect(data).toMatchObject({ kind: 'daily', date: '2026-02-05', text });
    expect(Buffer.from(data.chart.base64, 'base64').toString('latin1')).toMatch(new RegExp(`^${PNG}`));
  });

  test('is signed for a webhook as a library of Standard Webhooks verifies it', async () => {
    await nextDay().fire();
    const [sent] = channels.webhook.taken;
    const headers = sent?.headers as Record<string, string>;
    const verify = (body: string) => new Webhook(WEBHOOK_SECRET).verify(body, headers);
    expect(verify(sent?.body ?? '')).toMatchObject({ type: 'report' });
    expect(() => verify(`${sent?.body} `)).toThrow(/signature/i);
    expect(headers['webhook-id']).toBe('daily-2026-02-06');

    const { isSigned } = await receiverInDocs();
    expect(isSigned(headers, sent?.body, WEBHOOK_SECRET)).toBe(true);
    expect(isSigned(headers, `${sent?.body} `, WEBHOOK_SECRET)).toBe(false);
    expect(isSigned({ ...headers, 'webhook-timestamp': '1' }, sent?.body, WEBHOOK_SECRET)).toBe(false);
  });

  test('is not sent again when its schedule fires again, or twice at once', async () => {
    const { fire } = nextDay();
    await Promise.all([fire(), fire()]);
    await fire();
    expect(kinds.map((kind) => channels[kind].taken.length)).toEqual([1, 1, 1, 1]);
  });

  test.for(kinds)('waits as long as %s asks when there were too many requests, and is then sent once', async (kind) => {
    channels[kind].treat('limit once');
    const began = performance.now();
    await nextDay().fire();
    expect(performance.now() - began).toBeGreaterThan(950);
    expect([channels[kind].calls(), channels[kind].taken.length]).toEqual([2, 1]);
  });

  test.for(kinds)(
    'is refused when %s asks to wait for too long; the next run sends it, and to no other again',
    async (kind) => {
      channels[kind].treat('limit for an hour');
      const { date, fire } = nextDay();
      await expect(fire()).rejects.toThrow(new RegExp(`1 of 6 recipients \\(${kind}:[0-9a-f]{16}\\)`));
      expect(channels[kind].calls()).toBe(1);
      expect(await statusOf(date, kind)).toBe('refused');
      channels[kind].treat('take');
      await fire();
      expect(kinds.map((each) => channels[each].taken.length)).toEqual([1, 1, 1, 1]);
      expect(await statusOf(date, kind)).toBe('sent');
    },
  );

  test.for(failures)('is never sent twice to %s when it is to "%s"; only a resend repeats it', async ([kind, how]) => {
    channels[kind].treat(how);
    const { date, fire } = nextDay();
    await expect(fire()).rejects.toThrow(/1 of 6/);
    expect(channels[kind].calls()).toBe(1);
    expect(await statusOf(date, kind)).toBe('unknown');
    channels[kind].treat('take');
    channels[kind].taken.length = 0;
    await expect(fire()).rejects.toThrow(/1 of 6/);
    expect(channels[kind].calls()).toBe(0);
    await service.fire('daily-report', '2026-03-20T07:00:00Z', { date, resend: true });
    expect(kinds.map((each) => channels[each].taken.length)).toEqual([1, 1, 1, 1]);
    expect(await statusOf(date, kind)).toBe('sent');
  });

  test.for(kinds)('is not sent on to where %s redirects it', async (kind) => {
    channels[kind].treat('redirect');
    const { date, fire } = nextDay();
    await expect(fire()).rejects.toThrow(/1 of 6/);
    expect(channels[kind].calls()).toBe(1);
    expect((await deliveries(date)).find(({ channel }) => channel === kind)).toMatchObject({
      status: 'refused',
      error: 'HTTP 307',
    });
  });
});

describe('a failing channel', () => {
  test('stops neither the mail nor the others, and is said in health and in the next report, with what the service answered', async () => {
    for (const kind of kinds) channels[kind].treat('refuse');
    channels.slack.treat('fail');
    const { date, fire } = nextDay();
    const error = await fire().catch((reason) => reason);
    expect(error).toMatchObject({ message: expect.stringMatching(/4 of 6/) });
    for (const secret of channelSecrets) expect(inspect(error, { depth: null })).not.toContain(secret);
    expect(mail.calls.slice(-2)).toEqual(['first@example.com', 'second@example.com']);
    expect((await service.call('GET /health/database')).body).toMatchObject({ failed_mails: 0, failed_messages: 4 });

    const next = dayAfter(date);
    const report = async (query: Record<string, string>) =>
      (await service.call('GET /report', { query: { date: next, ...query } })).body;
    expect((await report({ format: 'json' })).failed_deliveries).toEqual(
      [
        ['discord', 'refused', 'HTTP 404: Unknown Webhook'],
        ['slack', 'unknown', 'HTTP 500: rollup_error'],
        ['telegram', 'refused', 'HTTP 403: Forbidden: bot was kicked from the group chat'],
        ['webhook', 'refused', 'HTTP 401'],
      ].map(([channel, status, reason]) => ({ kind: 'daily', date, channel, status, recipients: 1, reason })),
    );
    for (const detail of ['brief', 'full']) {
      const text: string = (await report({ format: 'text', detail })).replaceAll(/\s+/g, ' ');
      expect(text).toContain(
        'did not reach Telegram (HTTP 403: Forbidden: bot was kicked from the group chat). Fix the cause,',
      );
      expect(text).toContain(
        `may not have reached Slack (HTTP 500: rollup_error). To send it again: strategy report --resend --date ${date}.`,
      );
    }
  });

  test('leaves its secret in no row of the database', async () => {
    const rows = JSON.stringify(await service.sql('SELECT * FROM report_deliveries'));
    expect(rows).toContain('webhook:');
    for (const secret of channelSecrets) expect(rows).not.toContain(secret);
  });

  test('that cannot be connected to is refused after three attempts', async () => {
    await channels.slack.close();
    const { date, fire } = nextDay();
    await expect(fire()).rejects.toThrow(/1 of 6 recipients \(slack/);
    expect((await deliveries(date)).find(({ channel }) => channel === 'slack')).toMatchObject({
      status: 'refused',
      error: 'no connection (ECONNREFUSED)',
    });
  });
});
