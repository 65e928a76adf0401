import { SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Chart } from '../../../functions/report/charts/chart.ts';
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
    await call('POST /snapshots', { body: { bot_id, config: {}, active_from: '2026-01-01T00:00:00Z' } });
};
/** Sets recipients that a bot has had since the first of January. */
async function recipientsAre(bot_id: string, recipients: readonly string[], times: object = {}): Promise<void> {
  expect((await setBot(bot_id, { recipients, ...times })).status).toBe(200);
  await sql("UPDATE report_recipients SET since = '2026-01-01', set_at = '2026-01-01' WHERE bot_id = $1", [bot_id]);
}
/** Fires the schedule of the reports of bots at each full hour of a range. */
async function fireHourly(from: string, hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour++)
    await fire('bot-reports', new Date(Date.parse(from) + hour * 3_600_000).toISOString());
}
/** The text of each mail, and its recipient. */
const texts = async () =>
  (await mail.messages()).map(({ parsed: { text = '' } }, i) => [mail.takenFor[i] ?? '', text] as const);
/** Of each mail, its recipient and the bots that it names, by recipient. */
const mailed = async () =>
  (await texts())
    .map(([to, text]) => [to, ['alpha', 'beta', 'gamma'].filter((bot) => text.includes(bot))] as const)
    .sort();
/** Of each mail whose subject begins like that, its recipient and the day in its subject. */
const days = async (kind = '') =>
  (await mail.messages()).flatMap(({ parsed: { subject = '' } }, i) =>
    subject.startsWith(kind) ? [[mail.takenFor[i] ?? '', /\d+ \w+ \d{4}/.exec(subject)?.[0]]] : [],
  );
const morning = '2026-02-03T07:00:00Z';

beforeEach(async () => {
  await sql('TRUNCATE bots, report_deliveries, blocked_recipients CASCADE');
  mail.forget();
  for (const address of [...OWNERS, 'ann@example.org']) mail.treat(address, 'take');
});

describe('the reports of a bot with recipients of its own', () => {
  test('go to them alone, and the other bots stay in the mail to the recipients of the deployment', async () => {
    await bots('alpha', 'beta', 'gamma');
    await recipientsAre('beta', ['ann@example.org']);
    expect(await fire('daily-report', morning)).toMatchObject({ sent: 2 });
    expect(await fire('bot-reports', morning)).toMatchObject({ mailings: 1 });
    expect(await mailed()).toEqual([
      ['ann@example.org', ['beta']],
      ...OWNERS.map((owner) => [owner, ['alpha', 'gamma']]),
    ]);
  });

  test('share a mail with those of other bots that have the same recipients and times', async () => {
    await bots('alpha', 'beta', 'gamma');
    await recipientsAre('alpha', ['ann@example.org', 'bob@example.org']);
    await recipientsAre('beta', ['bob@example.org', 'ann@example.org', 'Ann@example.org']);
    await recipientsAre('gamma', ['ann@example.org'], { time_zone: 'Europe/Lisbon' });
    await fire('bot-reports', morning);
    expect(await mailed()).toEqual([
      ['ann@example.org', ['alpha', 'beta']],
      ['ann@example.org', ['gamma']],
      ['bob@example.org', ['alpha', 'beta']],
    ]);
    const ids = (await mail.messages()).map(({ parsed }) => parsed.messageId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('are mailed once, also by two runs at once, and again by hand to those that refused them', async () => {
    await bots('alpha');
    await recipientsAre('alpha', ['ann@example.org', 'bob@example.org']);
    mail.treat('ann@example.org', 'refuse');
    await expect(fire('bot-reports', morning)).rejects.toThrow('1 given up after 3 attempts');
    mail.treat('ann@example.org', 'take');
    expect(await fire('bot-reports', '2026-02-03T08:00:00Z')).toEqual({ mailings: 0, overdue: 0 });
    const again = { date: '2026-02-02', resend: true };
    const byHand = await Promise.all([1, 2].map(() => fire('bot-reports', '2026-02-05T20:00:00Z', again)));
    expect(byHand).toMatchObject([{ overdue: 0 }, { overdue: 0 }]);
    expect(await mailed()).toEqual([
      ['ann@example.org', ['alpha']],
      ['bob@example.org', ['alpha']],
    ]);
    expect(mail.calls.filter((address) => address.startsWith('ann'))).toHaveLength(4);
  });

  test('leave no empty mail to the recipients of the deployment, when every bot has its own', async () => {
    await bots('alpha');
    await recipientsAre('alpha', ['ann@example.org']);
    expect(await fire('daily-report', morning)).toEqual({ date: '2026-02-02', sent: 0 });
    expect(mail.calls).toEqual([]);
  });

  test('go to those of the deployment again when they are taken back', async () => {
    await bots('alpha');
    await recipientsAre('alpha', ['ann@example.org']);
    expect((await setBot('alpha', {})).body).toMatchObject({ recipients: null });
    expect(await fire('bot-reports', morning)).toEqual({ mailings: 0, overdue: 0 });
    expect(await fire('daily-report', morning)).toMatchObject({ sent: 2 });
  });

  test('say what did not reach their own recipients, and nothing of others', async () => {
    await bots('alpha', 'beta');
    await recipientsAre('beta', ['ann@example.org', 'bob@example.org']);
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
    await fire('bot-reports', morning);
    const textTo = new Map(await texts());
    expect(textTo.get('bob@example.org')).toContain('ann@example.org');
    expect(textTo.get('bob@example.org')).not.toContain('1 February');
    expect(textTo.get('second@example.com')).not.toContain('ann@example.org');
    expect(textTo.get('second@example.com')).toContain('1 February');
    // Nobody is left who has not got it.
    expect(await fire('bot-reports', '2026-02-03T08:00:00Z')).toEqual({ mailings: 0, overdue: 0 });
  });

  test('go to new recipients within the hour, and to nobody twice, when the recipients change', async () => {
    await bots('alpha');
    const times = { time_zone: 'America/New_York' };
    await recipientsAre('alpha', ['ann@example.org'], times);
    await fireHourly(morning, 3);
    expect(mail.calls).toEqual([]);
    await setBot('alpha', { recipients: ['ann@example.org', 'bob@example.org'], ...times });
    await fireHourly('2026-02-03T10:00:00Z', 3);
    expect(mail.calls).toEqual(['ann@example.org', 'bob@example.org']);
    await setBot('alpha', { recipients: ['ann@example.org', 'carol@example.org'], ...times });
    await fireHourly('2026-02-03T13:00:00Z', 8);
    expect(mail.calls).toEqual(['ann@example.org', 'bob@example.org', 'carol@example.org']);
  });

  test('begin with the next one that is due, after those of the deployment have had the last one', async () => {
    await bots('alpha');
    await setBot('alpha', { recipients: ['ann@example.org'] });
    await sql("UPDATE report_recipients SET since = '2026-02-03T09:00:00Z'");
    await fireHourly(morning, 24);
    expect(await days()).toEqual([]);
    await fire('bot-reports', '2026-02-04T07:00:00Z');
    expect(await days()).toEqual([['ann@example.org', '3 February 2026']]);
  });

  test('show no figures of another bot in a parallel test with it, unlike the report to who may see both', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const ago = (n: number) => new Date(Date.parse(today) - n * 86_400_000).toISOString().slice(0, 10);
    for (const bot_id of ['alpha', 'secret'])
      await call('POST /snapshots', {
        body: { bot_id, config: { rsi: bot_id }, notes: `Of ${bot_id}`, active_from: '2026-01-01T00:00:00Z' },
      });
    const body = { bot_id: 'alpha', candidate_bot_id: 'secret', design: 'parallel', starts_on: ago(4) };
    expect((await call('POST /experiments', { body })).status).toBe(201);
    await recipientsAre('alpha', ['ann@example.org']);
    await fire('bot-reports', new Date().toISOString(), { date: ago(3) });
    expect(mail.calls).toEqual(['ann@example.org']);
    expect((await mail.messages())[0]?.raw).not.toContain('secret');
    const ofBoth = await call('GET /report', { query: { bot_id: 'alpha', date: ago(3), format: 'json' } });
    expect(ofBoth.body.bots[0].experiments).toMatchObject([{ candidate: { bot_id: 'secret' } }]);
  });
});

describe('a report to recipients of a bot', () => {
  const dueOn = async (date: string, zone: string, from: string | null = null, until: string | null = null) => {
    const [row] = await sql<{ due: Date }>('SELECT report_due($1, 7, $2, $3, $4) AS due', [date, zone, from, until]);
    return row?.due.toISOString().slice(0, 16);
  };

  test.each([
    ['in the zone of the trading days', 'UTC', '2026-02-02', '2026-02-03T07:00'],
    ['west of it, later the same day', 'America/New_York', '2026-02-02', '2026-02-03T12:00'],
    ['far in the east, in the evening', 'Asia/Tokyo', '2026-02-02', '2026-02-03T22:00'],
    ['an hour east, earlier the same day', 'Europe/Berlin', '2026-02-02', '2026-02-03T06:00'],
    ['in a zone with minutes', 'Asia/Kathmandu', '2026-02-02', '2026-02-03T01:15'],
    ['after clocks went forward', 'America/New_York', '2026-03-07', '2026-03-08T11:00'],
    ['after clocks went back', 'Europe/Berlin', '2026-10-24', '2026-10-25T06:00'],
  ])('is due %s', async (_, zone, date, due) => {
    expect(await dueOn(date, zone)).toBe(due);
  });

  test.each([
    ['over midnight, until later', '22:00', '08:30', '2026-02-03T08:30'],
    ['over midnight, until then', '22:00', '07:00', '2026-02-03T07:00'],
    ['over midnight, from earlier', '06:00', '05:00', '2026-02-04T05:00'],
    ['of the day, from then', '07:00', '09:15', '2026-02-03T09:15'],
    ['of the day, before', '05:00', '07:00', '2026-02-03T07:00'],
    ['of the day, after', '08:00', '09:00', '2026-02-03T07:00'],
  ])('waits for the end of quiet hours %s', async (_, from, until, due) => {
    expect(await dueOn('2026-02-02', 'UTC', from, until)).toBe(due);
  });

  test('is mailed for every trading day once, in every zone, also when clocks change', async () => {
    const zones = ['Europe/London', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland', 'America/New_York'];
    for (const [i, zone] of zones.entries()) {
      await bots(`bot-${i}`);
      await recipientsAre(`bot-${i}`, [`${i}@example.org`], { time_zone: zone });
    }
    await recipientsAre('bot-4', ['4@example.org'], {
      ...{ time_zone: zones[4], quiet_hours: { from: '00:00', until: '23:00' } },
    });
    await fireHourly('2026-03-28T00:00:00Z', 96);
    const of = async (i: number) =>
      (await days('Strategy report')).flatMap(([to, day]) => (to === `${i}@example.org` ? [day?.slice(0, -5)] : []));
    const all = ['27 March', '28 March', '29 March', '30 March'];
    for (const i of [0, 1, 2]) expect(await of(i), zones[i]).toEqual(all);
    // The first of these is of the evening before.
    expect(await of(3)).toEqual(['26 March', ...all]);
    expect(await of(4)).toEqual(['26 March', ...all.slice(0, 3)]);
  });

  test('of the week is about the week of everyone, wherever it is mailed', async () => {
    await bots('alpha', 'beta');
    await recipientsAre('alpha', ['ann@example.org'], { time_zone: 'Europe/Berlin' });
    await recipientsAre('beta', ['bob@example.org'], { time_zone: 'Asia/Tokyo' });
    await fireHourly('2026-05-31T23:00:00Z', 48);
    expect(await days('Weekly')).toEqual([
      ['ann@example.org', '31 May 2026'],
      ['bob@example.org', '31 May 2026'],
    ]);
  });

  test('that an outage delayed is mailed by a later run, but not in quiet hours and not after half a day', async () => {
    await bots('alpha', 'beta');
    await recipientsAre('alpha', ['ann@example.org'], { quiet_hours: { from: '10:00', until: '12:00' } });
    await recipientsAre('beta', ['bob@example.org']);
    await fire('bot-reports', '2026-02-03T11:00:00Z');
    expect(mail.calls).toEqual(['bob@example.org']);
    await fire('bot-reports', '2026-02-03T12:00:00Z');
    expect(mail.calls).toEqual(['bob@example.org', 'ann@example.org']);
    await fire('bot-reports', '2026-02-04T19:00:00Z');
    expect(mail.calls).toHaveLength(2);
  });

  test('that nothing mails is overdue after some hours', async () => {
    await bots('alpha');
    await recipientsAre('alpha', ['ann@example.org']);
    const send = vi.spyOn(SQSClient.prototype, 'send').mockResolvedValue({ Successful: [] } as never);
    const overdue = [];
    for (const hour of ['07', '08', '09', '10'])
      overdue.push((await fire('bot-reports', `2026-02-03T${hour}:00:00Z`)).overdue);
    send.mockRestore();
    expect(overdue).toEqual([0, 0, 0, 1]);
  });

  test('of a day before the bot is not mailed, also by hand', async () => {
    await call('POST /snapshots', { body: { bot_id: 'alpha', config: {}, active_from: '2026-02-10T00:00:00Z' } });
    await recipientsAre('alpha', ['ann@example.org']);
    expect(await fire('bot-reports', morning)).toMatchObject({ mailings: 0 });
    expect(await fire('bot-reports', '2026-02-11T20:00:00Z', { date: '2026-02-02' })).toMatchObject({ mailings: 0 });
    expect(await fire('bot-reports', '2026-02-11T20:00:00Z', { date: '2026-02-10' })).toMatchObject({ mailings: 1 });
  });

  test('by hand is of one kind where that is named, and waits until it is due', async () => {
    await bots('alpha');
    await recipientsAre('alpha', ['ann@example.org'], { time_zone: 'America/New_York' });
    const sunday = '2026-02-01';
    expect(await fire('bot-reports', '2026-02-02T08:00:00Z', { date: sunday })).toMatchObject({ mailings: 0 });
    await fire('bot-reports', '2026-02-05T08:00:00Z', { date: sunday, kind: 'weekly' });
    expect(await days()).toEqual(await days('Weekly'));
    expect(await days()).toEqual([['ann@example.org', '1 February 2026']]);
  });

  test('is handed over for each list once, however many there are', async () => {
    await sql(
      `WITH bot AS (
         INSERT INTO bots (bot_id, created_at) SELECT 'bot-' || n, '2026-01-01' FROM generate_series(1, 1001) AS n RETURNING bot_id)
       INSERT INTO report_recipients (bot_id, list_id, recipients, since)
       SELECT bot_id, 'of ' || bot_id, ARRAY['ann@example.org'], '2026-01-01' FROM bot`,
    );
    const send = vi.spyOn(SQSClient.prototype, 'send').mockResolvedValue({ Successful: [] } as never);
    expect(await fire('bot-reports', morning)).toMatchObject({ mailings: 1001 });
    const sent = send.mock.calls as unknown as [{ input: { Entries: { MessageBody: string }[] } }][];
    const lists = sent.flatMap(([{ input }]) =>
      input.Entries.map(({ MessageBody }) => JSON.parse(MessageBody).list_id),
    );
    send.mockRestore();
    expect(new Set(lists).size).toBe(1001);
    expect(lists).toHaveLength(1001);
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
