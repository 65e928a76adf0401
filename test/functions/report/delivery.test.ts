import { beforeEach, describe, expect, test } from 'vitest';
import { startMailService } from '../../support/mail-service.ts';
import { startService } from '../../support/service.ts';

const mail = await startMailService();
const service = await startService({ ses: mail.url });
const [first, second] = ['first@example.com', 'second@example.com'];
const deliveries = (date: string) =>
  service.sql(
    'SELECT recipient, status, message_id IS NOT NULL AS has_id, error FROM report_deliveries WHERE date = $1::date ORDER BY recipient',
    [date],
  );

beforeEach(() => {
  mail.calls.length = 0;
  mail.treat(first, 'take');
  mail.treat(second, 'take');
});

describe('the daily report', () => {
  test('is mailed to each recipient once, with an HTML and a text part, and is the one that GET /report shows', async () => {
    await service.call('POST /snapshots', {
      body: { config: {}, notes: 'the baseline', active_from: '2026-02-01T00:00:00Z' },
    });
    expect(await service.fire('daily-report', '2026-02-03T06:00:00Z')).toMatchObject({ date: '2026-02-02', sent: 2 });

    const mails = await mail.mails();
    expect(mails.map(({ destination }) => destination.to)).toEqual([[first], [second]]);
    const { from, subject, body } = mails[0] ?? { body: {} };
    expect({ from, subject }).toEqual({
      from: 'reports@example.com',
      subject: expect.stringContaining('2 February 2026'),
    });
    const shown = async (format: string) =>
      (await service.call('GET /report', { query: { date: '2026-02-02', format } })).body;
    const squeezed = (text = '') => text.replaceAll(/\s+/g, ' ').trim();
    expect(squeezed(body.text)).toBe(squeezed(await shown('text')));
    expect(squeezed(body.html)).toBe(squeezed(await shown('html')));
    expect(body.text).toContain('the baseline');
  });

  test('fired a second time mails nobody again', async () => {
    await service.fire('daily-report', '2026-02-04T06:00:00Z');
    expect(mail.calls).toEqual([first, second]);
    expect(await service.fire('daily-report', '2026-02-04T06:00:00Z')).toMatchObject({ sent: 0 });
    expect(mail.calls).toEqual([first, second]);
    expect(await deliveries('2026-02-03')).toEqual([
      { recipient: first, status: 'sent', has_id: true, error: null },
      { recipient: second, status: 'sent', has_id: true, error: null },
    ]);
  });

  test('fired twice at once mails each recipient once', async () => {
    await Promise.allSettled([
      service.fire('daily-report', '2026-02-05T06:00:00Z'),
      service.fire('daily-report', '2026-02-05T06:00:00Z'),
    ]);
    expect(mail.calls.toSorted()).toEqual([first, second]);
  });

  test('that one address refuses reaches the others, fails, and is tried again for that address alone', async () => {
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

  test('of which nobody knows whether it went out is not sent again, and the run says so', async () => {
    mail.treat(second, 'hang up');
    await expect(service.fire('daily-report', '2026-02-07T06:00:00Z')).rejects.toThrow(/1 of 2/);
    expect(mail.calls).toEqual([first, second]);
    expect(await deliveries('2026-02-06')).toMatchObject([{ status: 'sent' }, { status: 'unknown' }]);

    mail.treat(second, 'take');
    await expect(service.fire('daily-report', '2026-02-07T06:00:00Z')).rejects.toThrow(/1 of 2/);
    expect(mail.calls).toEqual([first, second]);
  });

  test('whose run died between claim and call is not sent again', async () => {
    await service.sql(
      "INSERT INTO report_deliveries (kind, date, recipient, status) VALUES ('daily', '2026-02-07', $1, 'claimed')",
      [first],
    );
    await expect(service.fire('daily-report', '2026-02-08T06:00:00Z')).rejects.toThrow(/1 of 2/);
    expect(mail.calls).toEqual([second]);
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
});
