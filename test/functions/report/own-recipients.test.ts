import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Chart } from '../../../functions/report/charts/chart.ts';
import { lambdaContext } from '../../../local/context.ts';
import { startMailService } from '../../support/mail-service.ts';
import { startService } from '../../support/service.ts';

// Drawing takes most of the time of a report, and is tested elsewhere.
vi.mock('../../../functions/report/charts/png.ts', () => ({
  pngOf: async (chart: Chart) => Buffer.from(chart.svg()),
}));

const mail = await startMailService();
const { call, fire, report, sql } = await startService({ ses: mail.url });
const OWNERS = ['first@example.com', 'second@example.com'];

const setBot = (bot_id: string, body: object) => call('PUT /bots/{bot_id}', { path: { bot_id }, body });
const bots = async (...ids: string[]) => {
  for (const bot_id of ids)
    await call('POST /snapshots', { body: { bot_id, config: {}, active_from: '2026-02-01T00:00:00Z' } });
};
/** The text of each mail, and its recipient. */
const texts = async () =>
  (await mail.messages()).map(({ parsed: { text = '' } }, i) => [mail.takenFor[i] ?? '', text] as const);
/** Of each mail, its recipient and the bots that it names, by recipient. */
const mailed = async () =>
  (await texts())
    .map(([to, text]) => [to, ['alpha', 'beta', 'gamma'].filter((bot) => text.includes(bot))] as const)
    .sort();
const morning = '2026-02-03T07:00:00Z';

beforeEach(async () => {
  await sql('TRUNCATE bots, report_deliveries, blocked_recipients CASCADE');
  mail.forget();
  for (const address of [...OWNERS, 'ann@example.org']) mail.treat(address, 'take');
});

describe('the reports of a bot with recipients of its own', () => {
  test('go to them alone, and the other bots stay in the mail to the recipients of the deployment', async () => {
    await bots('alpha', 'beta', 'gamma');
    expect(await setBot('beta', { recipients: ['ann@example.org'] })).toEqual(
      expect.objectContaining({
        status: 200,
        body: { bot_id: 'beta', recipients: ['ann@example.org'], time_zone: null, quiet_hours: null },
      }),
    );
    for (const schedule of ['daily-report', 'weekly-review'] as const) {
      expect(await fire(schedule, morning)).toMatchObject({ sent: 2, lists: 1 });
      expect(await mailed(), schedule).toEqual([
        ['ann@example.org', ['beta']],
        ...OWNERS.map((owner) => [owner, ['alpha', 'gamma']]),
      ]);
      mail.forget();
    }
  });

  test('share a mail with those of other bots that have the same recipients and times', async () => {
    await bots('alpha', 'beta', 'gamma');
    await setBot('alpha', { recipients: ['ann@example.org', 'bob@example.org'] });
    await setBot('beta', { recipients: ['bob@example.org', 'ann@example.org', 'Ann@example.org'] });
    await setBot('gamma', { recipients: ['ann@example.org'], time_zone: 'Europe/Lisbon' });
    await fire('daily-report', morning);
    const addresses = (await mailed()).map(([to, named]) => [to.toLowerCase(), named]);
    expect(addresses).toEqual([
      ['ann@example.org', ['alpha', 'beta']],
      ['ann@example.org', ['gamma']],
      ['bob@example.org', ['alpha', 'beta']],
    ]);
    const ids = (await mail.messages()).map(({ parsed }) => parsed.messageId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('are mailed once, however often the schedule fires, and again to those that refused them', async () => {
    await bots('alpha');
    await setBot('alpha', { recipients: ['ann@example.org', 'bob@example.org'] });
    mail.treat('ann@example.org', 'refuse');
    await expect(fire('daily-report', morning)).rejects.toThrow('1 given up after 3 attempts');
    mail.treat('ann@example.org', 'take');
    for (let i = 0; i < 2; i++) await fire('daily-report', morning);
    expect(await mailed()).toEqual([
      ['ann@example.org', ['alpha']],
      ['bob@example.org', ['alpha']],
    ]);
    expect(mail.calls.filter((address) => address.startsWith('ann'))).toHaveLength(4);
  });

  test('leave no empty mail to the recipients of the deployment, when every bot has its own', async () => {
    await bots('alpha');
    await setBot('alpha', { recipients: ['ann@example.org'] });
    expect(await fire('daily-report', morning)).toEqual({ date: '2026-02-02', sent: 0, lists: 1 });
    expect(mail.calls).toEqual(['ann@example.org']);
  });

  test('go to those of the deployment again when they are taken back', async () => {
    await bots('alpha');
    await setBot('alpha', { recipients: ['ann@example.org'] });
    expect((await setBot('alpha', {})).body).toMatchObject({ recipients: null });
    expect(await fire('daily-report', morning)).toMatchObject({ sent: 2, lists: 0 });
    expect(mail.calls).toEqual(OWNERS);
  });

  test('say what did not reach their own recipients, and nothing of others', async () => {
    await bots('alpha', 'beta');
    await setBot('beta', { recipients: ['ann@example.org', 'bob@example.org'] });
    await report({
      detail: {
        eventType: 'Bounce',
        bounce: {
          bounceType: 'Permanent',
          bouncedRecipients: [{ emailAddress: 'ann@example.org', diagnosticCode: 'no such user' }],
          timestamp: '2026-02-02T08:00:00Z',
        },
      },
    });
    mail.treat('first@example.com', 'refuse');
    await expect(fire('daily-report', '2026-02-02T07:00:00Z')).rejects.toThrow('1 of 2 recipients');
    mail.forget();
    mail.treat('first@example.com', 'take');
    await fire('daily-report', morning);
    const textTo = new Map(await texts());
    expect(textTo.get('bob@example.org')).toContain('ann@example.org');
    expect(textTo.get('bob@example.org')).not.toContain('1 February');
    expect(textTo.get('second@example.com')).not.toContain('ann@example.org');
    expect(textTo.get('second@example.com')).toContain('1 February');
  });
});

describe('a report to recipients of a bot', () => {
  /** When a report of the schedule's time is due to recipients with these settings, by its message in the queue. */
  async function dueOf(at: string, settings: object, byHand = {}): Promise<string> {
    await bots('alpha');
    await setBot('alpha', { recipients: ['ann@example.org'], ...settings });
    const send = vi.spyOn(SQSClient.prototype, 'send').mockResolvedValue({ Successful: [] } as never);
    await fire('daily-report', at, byHand);
    const [command] = send.mock.calls[0] as unknown as [{ input: { Entries: { MessageBody: string }[] } }];
    send.mockRestore();
    return JSON.parse(command.input.Entries[0]?.MessageBody ?? '').due;
  }
  const quiet = (from: string, until: string) => ({ quiet_hours: { from, until } });

  test.each([
    ['without a zone, at the hour of the schedule', morning, {}, '2026-02-03T07:00:00'],
    ['west: later the same day', morning, { time_zone: 'America/New_York' }, '2026-02-03T12:00:00'],
    ['east: the next morning there', morning, { time_zone: 'Asia/Tokyo' }, '2026-02-03T22:00:00'],
    ['an hour east: the next day', morning, { time_zone: 'Europe/Berlin' }, '2026-02-04T06:00:00'],
    ['zones with minutes', morning, { time_zone: 'Asia/Kathmandu' }, '2026-02-04T01:15:00'],
    ['when clocks go forward', '2026-03-08T07:00:00Z', { time_zone: 'America/New_York' }, '2026-03-08T11:00:00'],
    [
      'at an hour that does not exist',
      '2026-03-08T02:30:00Z',
      { time_zone: 'America/New_York' },
      '2026-03-08T07:30:00',
    ],
    ['outside quiet hours', morning, quiet('22:00', '07:00'), '2026-02-03T07:00:00'],
    ['in quiet hours over midnight, after it', morning, quiet('22:00', '08:30'), '2026-02-03T08:30:00'],
    ['in quiet hours over midnight, before it', '2026-02-03T23:00:00Z', quiet('22:00', '08:30'), '2026-02-04T08:30:00'],
    ['after quiet hours over midnight', '2026-02-03T12:00:00Z', quiet('22:00', '08:30'), '2026-02-03T12:00:00'],
    ['before quiet hours of a day', morning, quiet('08:00', '09:00'), '2026-02-03T07:00:00'],
    ['in quiet hours of a day', morning, quiet('07:00', '09:00'), '2026-02-03T09:00:00'],
    ['both', morning, { time_zone: 'America/New_York', ...quiet('20:00', '09:15') }, '2026-02-03T14:15:00'],
  ])('is due %s', async (_, at, settings, due) => {
    expect(new Date(await dueOf(at, settings)).toISOString()).toBe(`${due}.000Z`);
  });

  test('is mailed at once when a run is for a day', async () => {
    const run = { date: '2026-02-02' };
    expect(await dueOf('2026-02-10T15:00:00Z', { time_zone: 'Asia/Tokyo' }, run)).toBe('2026-02-10T15:00:00Z');
  });

  test('is not mailed before', async () => {
    await bots('alpha');
    await setBot('alpha', { recipients: ['ann@example.org'], time_zone: 'Etc/GMT+6' });
    expect(await fire('daily-report', new Date().toISOString())).toMatchObject({ lists: 1 });
    expect(mail.calls).toEqual([]);
  });

  test('is handed over for each list once, however many there are', async () => {
    await sql(
      `WITH bot AS (INSERT INTO bots (bot_id) SELECT 'bot-' || n FROM generate_series(1, 1001) AS n RETURNING bot_id)
       INSERT INTO report_recipients (bot_id, list_id, recipients) SELECT bot_id, 'of ' || bot_id, ARRAY['ann@example.org'] FROM bot`,
    );
    const send = vi.spyOn(SQSClient.prototype, 'send').mockResolvedValue({ Successful: [] } as never);
    expect(await fire('daily-report', morning)).toMatchObject({ lists: 1001 });
    const sent = send.mock.calls as unknown as [{ input: { Entries: { MessageBody: string }[] } }][];
    const lists = sent.flatMap(([{ input }]) =>
      input.Entries.map(({ MessageBody }) => JSON.parse(MessageBody).list_id),
    );
    send.mockRestore();
    expect(new Set(lists).size).toBe(1001);
    expect(lists).toHaveLength(1001);
  });

  test('waits in the queue until it is due, without waking the database', async () => {
    const { handler } = await import('../../../functions/report/mailings.ts');
    const toQueue = vi.spyOn(SQSClient.prototype, 'send').mockResolvedValue({ Successful: [] } as never);
    const toDatabase = vi.spyOn(RDSDataClient.prototype, 'send');
    const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const waiting = async (due: string) => {
      toQueue.mockClear();
      const message = { kind: 'daily', list_id: 'any', due, resend: false };
      const Records = [{ messageId: '1', body: JSON.stringify(message) } as SQSRecord];
      expect(await handler({ Records }, lambdaContext(14 * 60_000))).toEqual({ batchItemFailures: [] });
      const [command] = toQueue.mock.calls[0] as unknown as [
        { input: { Entries: { MessageBody: string; DelaySeconds: number }[] } },
      ];
      const { MessageBody = '', DelaySeconds } = command.input.Entries[0] ?? {};
      expect(JSON.parse(MessageBody)).toEqual(message);
      return DelaySeconds;
    };
    expect(await waiting(inHours(9))).toBe(900);
    const soon = await waiting(inHours(0.2));
    expect(soon).toBeGreaterThan(0);
    expect(soon).toBeLessThanOrEqual(720);
    expect(toDatabase).not.toHaveBeenCalled();
    toQueue.mockRestore();
    toDatabase.mockRestore();
  });
});

describe('PUT /bots/{bot_id}', () => {
  test('is shown by GET /bots', async () => {
    await bots('alpha', 'beta');
    const settings = {
      recipients: ['ann@example.org'],
      time_zone: 'Asia/Tokyo',
      quiet_hours: { from: '22:00', until: '07:30' },
    };
    await setBot('alpha', settings);
    const unset = { recipients: null, time_zone: null, quiet_hours: null };
    expect((await call('GET /bots')).body.bots).toMatchObject([
      { bot_id: 'alpha', ...settings },
      { bot_id: 'beta', ...unset },
    ]);
  });

  test.each([
    ['an address that is none', { recipients: ['ann'] }, '/recipients/0'],
    ['no address', { recipients: [] }, '/recipients'],
    ['51 addresses', { recipients: Array.from({ length: 51 }, (_, i) => `a${i}@example.org`) }, '/recipients'],
    ['an unknown time zone', { recipients: ['a@example.org'], time_zone: 'Mars/Olympus' }, '/time_zone'],
    [
      'hours that are none',
      { recipients: ['a@example.org'], ...{ quiet_hours: { from: '24:00', until: '7' } } },
      '/quiet_hours/from',
    ],
    [
      'quiet hours without end',
      { recipients: ['a@example.org'], quiet_hours: { from: '07:00', until: '07:00' } },
      '/quiet_hours',
    ],
    ['a time zone without recipients', { time_zone: 'Asia/Tokyo' }, '/recipients'],
    ['a field that there is not', { recipient: 'a@example.org' }, '/recipient'],
  ])('refuses %s, naming the field, and changes nothing', async (_, body, path) => {
    await bots('alpha');
    await setBot('alpha', { recipients: ['ann@example.org'] });
    const refused = await setBot('alpha', body);
    expect(refused.status).toBe(400);
    expect(refused.body.errors[0].path).toBe(path);
    expect((await call('GET /bots')).body.bots[0].recipients).toEqual(['ann@example.org']);
  });

  test('refuses a time zone that the service knows and the database does not', async () => {
    await bots('alpha');
    const request = { bot_id: 'alpha', recipients: ['ann@example.org'], time_zone: 'Mars/Olympus' };
    await expect(sql('SELECT set_bot($1)', [JSON.stringify(request)])).rejects.toThrow(
      'the database does not know the time zone Mars/Olympus',
    );
  });

  test('of a bot that there is not is a 404', async () => {
    expect(await setBot('nobody', { recipients: ['ann@example.org'] })).toMatchObject({
      status: 404,
      body: { detail: 'there is no bot nobody' },
    });
  });
});
