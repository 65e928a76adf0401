import { Logger } from '@aws-lambda-powertools/logger';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { drawCharts } from '../../../functions/report/charts/drawn.ts';
import { startMailService } from '../../support/mail-service.ts';
import { startService } from '../../support/service.ts';

process.env.REPORT_REPLY_TO = 'owner@example.org';
const mail = await startMailService();
const service = await startService({ ses: mail.url });
type Message = Awaited<ReturnType<typeof mail.messages>>[number];
let [message, other] = [{}, {}] as [Message, Message];

/** Names that could be read as a formula by a spreadsheet, and as a header by a mail server. */
const notes = [
  '=HYPERLINK("https://example.com","win")',
  'RSI weight 1.5, „zwei“ indicators\u001b[2J\r\nBcc: all@example.com',
];

beforeAll(async () => {
  const fills = ['2026-02-01', '2026-02-02', '2026-02-03', '2026-02-04'].flatMap((date, i) =>
    (['buy', 'sell'] as const).map((side) => ({
      fill_id: `${date}-${side}`,
      order_id: `${date}-${side}`,
      symbol: 'A-USD',
      side,
      price: side === 'buy' ? '100' : ['98.5', '101', '99.25', '103'][i],
      size: '1',
      filled_at: `${date}T1${side === 'buy' ? 0 : 1}:00:00Z`,
    })),
  );
  for (const [i, text] of notes.entries()) {
    const body = { config: { i }, notes: text, active_from: `2026-02-0${1 + 2 * i}T00:00:00Z` };
    expect((await service.call('POST /snapshots', { body })).status).toBe(201);
  }
  await service.call('POST /fills', { body: fills });
  await service.fire('daily-report', '2026-02-05T06:00:00Z');
  [message, other] = (await mail.messages()) as [Message, Message];
});

describe('a mail', () => {
  test('has headers for its sender, subject and date, and says that it is generated', () => {
    const { headers, from, replyTo, to, date, messageId, subject } = message.parsed;
    expect(from?.value).toEqual([{ name: 'Strategy report', address: 'reports@example.com' }]);
    expect(replyTo?.value).toMatchObject([{ address: 'owner@example.org' }]);
    expect([to].flat().map((each) => each?.text)).toEqual(['first@example.com']);
    expect(date).toEqual(new Date('2026-02-05T06:00:00Z'));
    expect(subject).toContain('Strategy report');
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('list')).toEqual({ id: { name: 'Strategy report', id: 'daily.strategy-report.example.com' } });
    expect(messageId).toMatch(/^<daily\.2026-02-04\.[0-9a-f]{16}@example\.com>$/);
  });

  test('has a message id per recipient, which stays the same when it is sent again', async () => {
    expect(other.parsed.messageId).not.toBe(message.parsed.messageId);
    await service.sql("UPDATE report_deliveries SET status = 'unknown'");
    await service.fire('daily-report', '2026-02-08T12:00:00Z', { date: '2026-02-04', resend: true });
    const again = (await mail.messages()).slice(2);
    expect(again.map(({ parsed }) => parsed.messageId)).toEqual([message.parsed.messageId, other.parsed.messageId]);
    expect(again[0]?.parsed.date).toEqual(new Date('2026-02-08T12:00:00Z'));
  });

  test('has text and HTML as alternatives, inline charts, and the table attached', () => {
    const types = [...message.raw.matchAll(/^Content-Type: ([\w/]+)/gm)].map(([, type]) => type);
    expect(types.filter((type) => type !== 'image/png')).toEqual([
      'multipart/mixed',
      'multipart/alternative',
      'text/plain',
      'multipart/related',
      'text/html',
      'text/html',
      'text/csv',
    ]);
    expect(types).toContain('image/png');
    expect(message.raw).toMatch(/^Content-Type: text\/plain; charset=utf-8/m);
    expect(message.raw).toMatch(/^Content-Type: text\/html; charset=utf-8/m);
    expect(message.raw.split('\r\n').filter((line) => line.length > 998)).toEqual([]);
  });

  test('references every chart by its content id, with an alternative text', () => {
    const charts = message.parsed.attachments.filter(({ contentType }) => contentType === 'image/png');
    expect(charts.length).toBeGreaterThan(0);
    for (const { contentDisposition, content, cid } of charts) {
      expect(contentDisposition).toBe('inline');
      expect(content.subarray(1, 4).toString()).toBe('PNG');
      expect(message.parsed.html).toMatch(new RegExp(`<img src="cid:${cid}" alt="[^"]{10,}"`));
    }
    const shown = [...String(message.parsed.html).matchAll(/src="cid:([^"]+)"/g)].map(([, cid]) => cid);
    expect(shown).toEqual(charts.map(({ cid }) => cid));
  });

  test('leaves out a chart that cannot be drawn', async () => {
    const logger = new Logger();
    const errors = vi.spyOn(logger, 'error').mockReturnValue();
    const chart = { id: 'good', alt: 'a line', width: 10, height: 10 };
    const svg = () => '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><path d="M0 0h9"/></svg>';
    const broken = () => {
      throw new Error('no such curve');
    };
    const charts = [
      { ...chart, id: 'broken', svg: broken },
      { ...chart, id: 'unread', svg: () => '<svg' },
      { ...chart, svg },
    ];
    expect((await drawCharts(charts, logger)).map(({ chart: { id } }) => id)).toEqual(['good']);
    expect(errors.mock.calls).toMatchObject([
      ['chart not drawn', { chart: 'broken' }],
      ['chart not drawn', { chart: 'unread' }],
    ]);
  });

  test('attaches the strategies as CSV for spreadsheets, without anything that they would execute', async () => {
    const csv = message.parsed.attachments.find(({ contentType }) => contentType === 'text/csv');
    expect(csv).toMatchObject({ filename: 'strategies-2026-02-04.csv', contentDisposition: 'attachment' });
    const text = csv?.content.toString() ?? '';
    expect(text.startsWith('\uFEFF')).toBe(true);
    const [head = '', ...rows] = text.slice(1).split(/\r\n(?=[0-9a-f]{8}-|$)/);
    const { strategies } = (await service.call('GET /report', { query: { date: '2026-02-04', format: 'json' } })).body
      .bots[0];
    const names = Object.keys(strategies[0]).filter((name) => name !== 'targets');
    expect(head.split(',').toSorted()).toEqual(names.toSorted());
    expect(rows).toHaveLength(3);
    expect(rows.at(-1)).toBe('');
    expect(rows[0]).toContain(',"RSI weight 1.5, „zwei“ indicators [2J\r\nBcc: all@example.com",');
    expect(rows[1]).toContain(`,"'=HYPERLINK(""https://example.com"",""win"")",`);
    expect(rows[1]).toContain(',-0.5,');
    expect(rows[1]).toContain(',false');
  });
});
