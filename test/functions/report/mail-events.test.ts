import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Chart } from '../../../functions/report/charts/chart.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { startMailService } from '../../support/mail-service.ts';
import { startService } from '../../support/service.ts';

// Drawing takes most of the time of a report, and is tested elsewhere.
vi.mock('../../../functions/report/charts/png.ts', () => ({
  pngOf: async (chart: Chart) => Buffer.from(chart.svg()),
}));

const mail = await startMailService();
const service = await startService({ ses: mail.url });
process.env.POWERTOOLS_METRICS_DISABLED = 'false';
// Makes the metrics go through the console, where the test can read them.
process.env.POWERTOOLS_DEV = 'true';
const [first, second] = ['first@example.com', 'second@example.com'];

/** An event as EventBridge delivers it. */
const event = (detail: object) => ({
  version: '0',
  id: 'f1b7a2c4-3d5e-4f60-8a9b-0c1d2e3f4a5b',
  'detail-type': 'Email Event',
  source: 'aws.ses',
  account: '123456789012',
  time: '2026-02-01T06:00:02Z',
  region: 'eu-central-1',
  resources: ['arn:aws:ses:eu-central-1:123456789012:configuration-set/strategy-snapshots-test'],
  detail: {
    ...detail,
    mail: { source: 'reports@example.com', tags: { 'ses:configuration-set': ['strategy-snapshots-test'] } },
  },
});
const bounce = (emailAddress: string, { type = 'Permanent', timestamp = '2026-02-01T06:00:00.123Z' } = {}) =>
  event({
    eventType: 'Bounce',
    bounce: {
      bounceType: type,
      bounceSubType: 'General',
      bouncedRecipients: [
        { emailAddress, action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
      ],
      timestamp,
      feedbackId: '1',
      reportingMTA: 'dns; mta.example.com',
    },
  });
const complaint = (emailAddress: string) =>
  event({
    eventType: 'Complaint',
    complaint: { complainedRecipients: [{ emailAddress }], timestamp: '2026-02-02T06:00:00.000Z', feedbackId: '2' },
  });

let day = '2026-01-31';
/** Fires the daily report of the next day. */
async function nextReport() {
  day = dayAfter(day);
  return service.fire('daily-report', `${dayAfter(day)}T06:00:00Z`);
}
const reportOf = async (query: object) => (await service.call('GET /report', { query: { date: day, ...query } })).body;
const unblock = async (address: string) =>
  (await service.call('POST /blocked-recipients/unblock', { body: { address } })).body;

beforeEach(async () => {
  mail.calls.length = 0;
  await service.sql('TRUNCATE blocked_recipients');
});

describe('an address that bounced for good or complained', () => {
  test.for([
    ['bounced', bounce(first), 'it bounced (smtp; 550 5.1.1 user unknown)'],
    ['bounced, written otherwise', bounce('First <FIRST@example.com>'), 'it bounced (smtp; 550 5.1.1 user unknown)'],
    ['complained', complaint(first), 'its owner marked one as spam'],
  ] as const)('is mailed no more, and the report says so: it %s', async ([_, sent, reason]) => {
    expect(await service.report(sent)).toMatchObject({ blocked: 1 });
    expect(await nextReport()).toMatchObject({ sent: 1 });
    expect(mail.calls).toEqual([second]);
    for (const detail of ['brief', 'full']) {
      const text = (await reportOf({ format: 'text', detail })).replaceAll(/\s+/g, ' ');
      expect(text).toContain(`No report is mailed to ${first} since`);
      expect(text).toContain(reason);
      expect(text).toContain(`strategy unblock ${first}.`);
    }
  });

  test('is in the report as JSON, with the time and what the server answered', async () => {
    await service.report(bounce(first));
    expect((await reportOf({ format: 'json' })).blocked_recipients).toEqual([
      {
        ...{ address: first, reason: 'bounce', detail: 'smtp; 550 5.1.1 user unknown' },
        blocked_at: '2026-02-01T06:00:00.123000Z',
      },
    ]);
  });

  test('gets no mail by a resend either', async () => {
    await service.report(bounce(second));
    await nextReport();
    await service.fire('daily-report', '2026-05-01T12:00:00Z', { date: day, resend: true });
    expect(mail.calls).toEqual([first]);
  });

  test('is mailed again after it was unblocked, also when SES repeats the event; another bounce blocks it again', async () => {
    await service.report(bounce(first));
    expect(await unblock('First@example.com')).toEqual({ address: 'First@example.com', unblocked: true });
    expect(await unblock(first)).toEqual({ address: first, unblocked: false });
    await service.report(bounce(first));
    expect(await nextReport()).toMatchObject({ sent: 2 });
    expect((await reportOf({ format: 'json' })).blocked_recipients).toEqual([]);
    await service.report(bounce(first, { timestamp: '2099-01-01T00:00:00Z' }));
    expect(await nextReport()).toMatchObject({ sent: 1 });
  });

  test('fails the run when nobody else is left', async () => {
    await service.report(bounce(first));
    await service.report(complaint(second));
    await expect(nextReport()).rejects.toThrow('every recipient bounced or complained');
    expect(mail.calls).toEqual([]);
  });
});

test('a bounce that may pass stops nothing', async () => {
  expect(await service.report(bounce(first, { type: 'Transient' }))).toMatchObject({ event: 'Bounce', blocked: 0 });
  expect(await nextReport()).toMatchObject({ sent: 2 });
});

test('an event of another kind fails, so that it is kept', async () => {
  await expect(service.report(event({ eventType: 'Open', open: {} }))).rejects.toThrow();
});

test('mails are sent with the configuration set that reports these events', async () => {
  await nextReport();
  expect(mail.configurationSets.slice(-2)).toEqual(['strategy-snapshots-test', 'strategy-snapshots-test']);
});

test('bounces, complaints and blocked addresses are counted', async () => {
  const lines = vi.spyOn(console, 'log').mockImplementation(() => {});
  await service.report(bounce(first));
  await service.report(bounce(first, { type: 'Transient' }));
  await service.report(complaint(second));
  const counts = lines.mock.calls
    .map(([line]) => JSON.parse(String(line)))
    .map(({ Bounces, Complaints, BlockedRecipients }) => ({ Bounces, Complaints, BlockedRecipients }));
  lines.mockRestore();
  expect(counts).toEqual([
    { Bounces: 1, BlockedRecipients: 1 },
    { Bounces: 1, BlockedRecipients: 0 },
    { Complaints: 1, BlockedRecipients: 1 },
  ]);
});
