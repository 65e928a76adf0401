import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Chart } from '../../../functions/report/charts/chart.ts';
import { startMailService } from '../../support/mail-service.ts';
import { startService } from '../../support/service.ts';

// Drawing takes most of the time of a report, and is tested elsewhere.
vi.mock('../../../functions/report/charts/png.ts', () => ({
  pngOf: async (chart: Chart) => Buffer.from(chart.svg()),
}));

const mail = await startMailService();
const service = await startService({ ses: mail.url });
// Metrics go through the console, where the test can read them.
Object.assign(process.env, { POWERTOOLS_METRICS_DISABLED: 'false', POWERTOOLS_DEV: 'true' });
const [first, second] = ['first@example.com', 'second@example.com'];
const deliveries = (date: string, kind = 'daily') =>
  service.sql(
    'SELECT recipient, status, message_id IS NOT NULL AS has_id, error FROM report_deliveries WHERE date = $1::date AND kind = $2 ORDER BY recipient',
    [date, kind],
  );
const deliveryIs = (date: string, recipient: string, { status, ago }: { status: string; ago: string }) =>
  service.sql(
    "INSERT INTO report_deliveries (kind, date, recipient, status, claimed_at) VALUES ('daily', $1, $2, $3, now() - $4::interval)",
    [date, recipient, status, ago],
  );
/** Requests a resend on a later day. */
const resend = (date: string) => service.fire('daily-report', '2026-05-01T12:00:00Z', { date, resend: true });

beforeEach(() => {
  mail.calls.length = 0;
  mail.treat(first, 'take');
  mail.treat(second, 'take');
});

describe('the daily report', () => {
  test('is mailed to each recipient once, with an HTML and a text part equal to GET /report', async () => {
    await service.call('POST /snapshots', {
      body: { config: {}, notes: 'the baseline', active_from: '2026-02-01T00:00:00Z' },
    });
    expect(await service.fire('daily-report', '2026-02-03T06:00:00Z')).toMatchObject({ date: '2026-02-02', sent: 2 });

    const mails = await mail.mails();
    expect(mails.map(({ to }) => to)).toEqual([[first], [second]]);
    const { from, subject, html, text } = mails[0] ?? {};
    expect({ from, subject }).toEqual({
      from: '"Strategy report" <reports@example.com>',
      subject: expect.stringContaining('2 February 2026'),
    });
    const shown = async (format: string) =>
      (await service.call('GET /report', { query: { date: '2026-02-02', format } })).body;
    const squeezed = (text = '') => text.replaceAll(/\s+/g, ' ').trim();
    expect(squeezed(text)).toBe(squeezed(await shown('text')));
    expect(squeezed(html)).toBe(squeezed(await shown('html')));
    expect(text).toContain('the baseline');
  });

  test('is not mailed again when its schedule fires a second time', async () => {
    await service.fire('daily-report', '2026-02-04T06:00:00Z');
    expect(mail.calls).toEqual([first, second]);
    expect(await service.fire('daily-report', '2026-02-04T06:00:00Z')).toMatchObject({ sent: 0 });
    expect(mail.calls).toEqual([first, second]);
    expect(await deliveries('2026-02-03')).toEqual([
      { recipient: first, status: 'sent', has_id: true, error: null },
      { recipient: second, status: 'sent', has_id: true, error: null },
    ]);
  });

  test('is counted for the alarm only when every recipient has it', async () => {
    const counted = async (): Promise<boolean> => {
      const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
      await service.fire('daily-report', '2026-03-20T06:00:00Z').catch(() => {});
      const lines = printed.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('_aws'));
      printed.mockRestore();
      return lines.some((line) => JSON.parse(line).DailyReports === 1);
    };
    mail.treat(second, 'refuse');
    expect(await counted()).toBe(false);
    mail.treat(second, 'take');
    expect(await counted()).toBe(true);
  });

  test('is mailed to each recipient once when its schedule fires twice at once', async () => {
    const runs = await Promise.all([
      service.fire('daily-report', '2026-02-05T06:00:00Z'),
      service.fire('daily-report', '2026-02-05T06:00:00Z'),
    ]);
    expect(mail.calls.toSorted()).toEqual([first, second]);
    expect(runs.reduce((sum, run) => sum + Number(run.sent), 0)).toBe(2);
  });

  test('reaches the other recipients when one address refuses it; the run fails, and the next one retries only that address', async () => {
    mail.treat(first, 'refuse');
    await expect(service.fire('daily-report', '2026-02-06T06:00:00Z')).rejects.toThrow(/1 of 2/);
    expect(mail.calls).toEqual([first, second]);
    expect(await deliveries('2026-02-05')).toEqual([
      { recipient: first, status: 'refused', has_id: false, error: expect.stringContaining('not verified') },
      { recipient: second, status: 'sent', has_id: true, error: null },
    ]);

    mail.treat(first, 'take');
    expect(await service.fire('daily-report', '2026-02-06T06:00:00Z')).toMatchObject({ sent: 1 });
    expect(mail.calls).toEqual([first, second, first]);
  });

  test.each([
    { treatment: 'hang up', day: '2026-02-06', next: '2026-02-07' },
    { treatment: 'fail', day: '2026-02-12', next: '2026-02-13' },
  ] as const)(
    'is not sent again when it may have been sent, after: $treatment, and the run fails',
    async ({ treatment, day, next }) => {
      mail.treat(second, treatment);
      await expect(service.fire('daily-report', `${next}T06:00:00Z`)).rejects.toThrow(/1 of 2/);
      expect(mail.calls).toEqual([first, second]);
      expect(await deliveries(day)).toMatchObject([{ status: 'sent' }, { status: 'unknown' }]);

      mail.treat(second, 'take');
      await expect(service.fire('daily-report', `${next}T06:00:00Z`)).rejects.toThrow(/1 of 2/);
      expect(mail.calls).toEqual([first, second]);
    },
  );

  test('is not sent again when its run died between claim and send', async () => {
    await deliveryIs('2026-02-07', first, { status: 'claimed', ago: '1 day' });
    await expect(service.fire('daily-report', '2026-02-08T06:00:00Z')).rejects.toThrow(/1 of 2/);
    expect(mail.calls).toEqual([second]);
  });

  test('has failed once its claim is old, and not while its run may still be sending', async () => {
    await deliveryIs('2026-02-20', first, { status: 'claimed', ago: '1 day' });
    await deliveryIs('2026-02-20', second, { status: 'claimed', ago: '1 minute' });
    expect(await service.sql("SELECT recipient, status FROM failed_deliveries WHERE date = '2026-02-20'")).toEqual([
      { recipient: first, status: 'unknown' },
    ]);
  });

  test('brings marked days up to date first', async () => {
    const fills = ['buy', 'sell'].map((side) => ({
      fill_id: side,
      order_id: side,
      symbol: 'A-USD',
      side,
      price: '1',
      size: '1',
      filled_at: '2026-02-08T10:00:00Z',
    }));
    await service.call('POST /fills', { body: fills });
    await service.fire('daily-report', '2026-02-09T06:00:00Z');
    const { summaries } = (await service.call('GET /summaries', { query: { from: '2026-02-08', to: '2026-02-08' } }))
      .body;
    expect(summaries).toMatchObject([{ total_trades: 1, stale: false }]);
  });

  test('does not depend on former recipients whose address refused it', async () => {
    await deliveryIs('2026-02-09', 'left@example.com', { status: 'unknown', ago: '1 day' });
    expect(await service.fire('daily-report', '2026-02-10T06:00:00Z')).toMatchObject({ sent: 2 });
  });

  test('records the mailed figures of every bot, with or without a verdict', async () => {
    const { bots } = (await service.call('GET /report', { query: { date: '2026-02-08', format: 'json' } })).body;
    const kept = await service.sql(
      "SELECT bot_id, verdict, total_trades, total_pnl_usd::float8 AS total_pnl_usd FROM mailed_verdicts WHERE date = '2026-02-08'",
    );
    expect(kept).toEqual([
      { bot_id: 'default', verdict: bots[0].verdict.kind, total_trades: 1, total_pnl_usd: bots[0].day.total_pnl_usd },
    ]);

    const fill = { symbol: 'A-USD', price: '1', size: '1', filled_at: '2026-02-10T10:00:00Z' };
    await service.call('POST /fills', { body: { ...fill, bot_id: 'bare', fill_id: 'f', order_id: 'o', side: 'buy' } });
    await service.fire('daily-report', '2026-02-11T06:00:00Z');
    expect(
      await service.sql(
        "SELECT verdict, total_trades FROM mailed_verdicts WHERE date = '2026-02-10' AND bot_id = 'bare'",
      ),
    ).toEqual([{ verdict: null, total_trades: 0 }]);
  });

  test('is not mailed for a day that is not over, even on request', async () => {
    await expect(service.fire('daily-report', '2026-02-12T06:00:00Z', { date: '2026-02-12' })).rejects.toThrow(
      '2026-02-12 is not over',
    );
    expect(mail.calls).toEqual([]);
    expect(await service.fire('daily-report', '2026-02-14T06:00:00Z', { date: '2026-02-11' })).toMatchObject({
      date: '2026-02-11',
      sent: 2,
    });
  });
});

describe('a resend', () => {
  test('mails recipients who may not have received it: refused, unknown, claimed by a run that died, never claimed', async () => {
    const cases = { refused: '2026-03-01', unknown: '2026-03-02', claimed: '2026-03-03' };
    for (const [status, date] of Object.entries(cases)) {
      await deliveryIs(date, first, { status: 'sent', ago: '1 day' });
      await deliveryIs(date, second, { status, ago: '16 minutes' });
      expect(await resend(date), status).toEqual({ date, sent: 1 });
      expect(await deliveries(date), status).toMatchObject([{ status: 'sent' }, { status: 'sent', has_id: true }]);
    }
    await deliveryIs('2026-03-04', first, { status: 'sent', ago: '1 day' });
    expect(await resend('2026-03-04')).toMatchObject({ sent: 1 });
    expect(mail.calls).toEqual([second, second, second, second]);
  });

  test('does not mail recipients who already received it', async () => {
    await service.fire('daily-report', '2026-03-06T06:00:00Z');
    expect(await resend('2026-03-05')).toEqual({ date: '2026-03-05', sent: 0 });
    expect(mail.calls).toEqual([first, second]);
  });

  test('does not touch a claim of a run that may still be active, and fails', async () => {
    await deliveryIs('2026-03-06', first, { status: 'claimed', ago: '14 minutes' });
    await expect(resend('2026-03-06')).rejects.toThrow(/1 of 2/);
    expect(mail.calls).toEqual([second]);
  });

  test('requested twice at once mails once', async () => {
    await deliveryIs('2026-03-07', first, { status: 'unknown', ago: '1 minute' });
    await deliveryIs('2026-03-07', second, { status: 'unknown', ago: '1 minute' });
    await Promise.allSettled([resend('2026-03-07'), resend('2026-03-07')]);
    expect(mail.calls.toSorted()).toEqual([first, second]);
    expect(await deliveries('2026-03-07')).toMatchObject([{ status: 'sent' }, { status: 'sent' }]);
  });

  test('that fails for one recipient still reaches the others, and can be repeated', async () => {
    await deliveryIs('2026-03-08', first, { status: 'unknown', ago: '1 minute' });
    mail.treat(first, 'hang up');
    await expect(resend('2026-03-08')).rejects.toThrow(/1 of 2/);
    expect(await deliveries('2026-03-08')).toMatchObject([{ status: 'unknown' }, { status: 'sent' }]);
    mail.treat(first, 'take');
    expect(await resend('2026-03-08')).toMatchObject({ sent: 1 });
    expect(mail.calls).toEqual([first, second, first]);
  });
});

describe('the weekly review', () => {
  test('is mailed once for the past week, in addition to the daily report of its last day', async () => {
    expect(await service.fire('weekly-review', '2026-03-16T07:00:00Z')).toEqual({
      date: '2026-03-15',
      sent: 2,
    });
    expect(await service.fire('daily-report', '2026-03-16T07:00:00Z')).toEqual({
      date: '2026-03-15',
      sent: 2,
    });
    expect(await service.fire('weekly-review', '2026-03-16T07:00:00Z')).toEqual({
      date: '2026-03-15',
      sent: 0,
    });
    expect(mail.calls).toEqual([first, second, first, second]);
    expect(await deliveries('2026-03-15', 'weekly')).toMatchObject([{ status: 'sent' }, { status: 'sent' }]);
    expect(await service.sql("SELECT DISTINCT kind FROM mailed_verdicts WHERE date = '2026-03-15'")).toEqual([
      { kind: 'daily' },
    ]);
    const subjects = (await mail.messages()).slice(-4).map(({ parsed }) => parsed.subject);
    expect(subjects.map((subject) => subject?.startsWith('Weekly review'))).toEqual([true, true, false, false]);
  });

  test('is sent again only on request', async () => {
    mail.treat(second, 'hang up');
    await expect(service.fire('weekly-review', '2026-03-23T07:00:00Z')).rejects.toThrow(
      'the weekly review of 2026-03-22',
    );
    mail.treat(second, 'take');
    await expect(service.fire('weekly-review', '2026-03-23T07:00:00Z')).rejects.toThrow(/1 of 2/);
    const again = { date: '2026-03-22', resend: true };
    expect(await service.fire('weekly-review', '2026-03-24T12:00:00Z', again)).toMatchObject({ sent: 1 });
    expect(mail.calls).toEqual([first, second, second]);
  });
});
