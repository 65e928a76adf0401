import { describe, expect, test } from 'vitest';
import { definitionsOf } from '../../../functions/report/document/definitions.ts';
import { startService } from '../../support/service.ts';

const service = await startService();
const bot = () => `bot-${crypto.randomUUID()}`;
const report = (query: Record<string, string>) => service.call('GET /report', { query: { detail: 'full', ...query } });
const hostile = `<script>alert(1)</script><img src=x onerror="alert(2)">&amp;' "${'\u202e'}`;

async function trade(bot_id: string, date: string, pnl: readonly number[], more: object = {}): Promise<void> {
  const fills = pnl.flatMap((usd, i) =>
    ['buy', 'sell'].map((side) => ({
      bot_id,
      fill_id: `${date}-${i}-${side}`,
      order_id: `${date}-${i}-${side}`,
      symbol: `${date}-${i}-USD`,
      side,
      price: String(side === 'buy' ? 1000 : 1000 + usd),
      size: '1',
      fee_usd: '0',
      filled_at: `${date}T10:0${i}:${side === 'buy' ? '00' : '30'}Z`,
      ...more,
    })),
  );
  expect((await service.call('POST /fills', { body: fills })).status).toBe(200);
}
const snapshot = async (bot_id: string, active_from: string, notes: string | null = null) =>
  (await service.call('POST /snapshots', { body: { bot_id, config: { active_from }, active_from, notes } })).body
    .snapshot_id;

describe('the report', () => {
  test('says in every format when no bot has reported anything yet', async () => {
    const json = await report({ date: '2026-01-01', format: 'json' });
    expect(json).toMatchObject({ status: 200, body: { date: '2026-01-01', time_zone: 'UTC', bots: [] } });
    for (const format of ['html', 'text'])
      expect((await report({ date: '2026-01-01', format })).body).toContain('No bot has reported anything yet');
  });

  test('is HTML by default, text or JSON on request', async () => {
    const types = [];
    const bot_id = bot();
    for (const format of [undefined, 'html', 'text', 'json'])
      types.push((await report(format ? { bot_id, format } : { bot_id })).headers['content-type']);
    expect(types).toEqual([
      'text/html; charset=utf-8',
      'text/html; charset=utf-8',
      'text/plain; charset=utf-8',
      'application/json',
    ]);
  });

  test('has the figures of the day, the last three strategies and the link rate', async () => {
    const bot_id = bot();
    for (const day of ['01', '02', '03', '04']) await snapshot(bot_id, `2026-03-${day}T00:00:00Z`, `of March ${day}`);
    await trade(bot_id, '2026-03-05', [10, 0, -5]);
    await service.call('POST /trade-links', {
      body: { bot_id, order_id: '2026-03-05-0-buy', signal_time: '2026-03-05T10:00:00Z' },
    });
    const { body } = await report({ bot_id, date: '2026-03-05', format: 'json' });
    expect(body).toMatchObject({ next_cursor: null, left_out: 0 });

    expect(body.bots).toHaveLength(1);
    expect(body.bots[0]).toMatchObject({
      bot_id,
      day: {
        total_trades: 3,
        winning_trades: 1,
        losing_trades: 1,
        breakeven_trades: 1,
        total_pnl_usd: 5,
        profit_factor: 2,
        fast_exits_count: 3,
        unmatched_sells: 0,
      },
      coverage: { orders: 6, linked: 1, by_time: 5, none: 0, manual: 0 },
    });
    expect(body.bots[0].coverage.link_rate).toBeCloseTo(100 / 6, 10);
    expect(
      body.bots[0].strategies.map((s: { notes: string; total_trades: number }) => [s.notes, s.total_trades]),
    ).toEqual([
      ['of March 04', 3],
      ['of March 03', 0],
      ['of March 02', 0],
      ['of March 01', 0],
    ]);
    for (const format of ['html', 'text']) {
      const text = (await report({ bot_id, date: '2026-03-05', format })).body;
      for (const shown of [
        'Thursday, 5 March 2026',
        'of March 04',
        '$5.00',
        '33.3 %',
        '2.00',
        '$1.67',
        '100.0 %',
        '16.7 %',
      ])
        expect(text).toContain(shown);
      expect(text).not.toContain('of March 01');
    }
  });

  test('is as of the end of its day, whatever happened later', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-03-01T00:00:00Z');
    await trade(bot_id, '2026-03-02', [10]);
    const before = (await report({ bot_id, date: '2026-03-02', format: 'json' })).body.bots[0];
    await trade(bot_id, '2026-03-03', [-100]);
    await snapshot(bot_id, '2026-03-04T00:00:00Z');
    const after = (await report({ bot_id, date: '2026-03-02', format: 'json' })).body.bots[0];
    expect(after.day).toEqual(before.day);
    expect(after.strategies).toMatchObject([{ total_trades: 1, total_pnl: 10, active_until: null, days_active: 2 }]);
  });

  test.each(['daily', 'weekly'])('has the verdict of its day, whatever was traded later: %s', async (kind) => {
    const bot_id = bot();
    const verdict = async () =>
      (await report({ bot_id, kind, date: '2026-03-02', format: 'json' })).body.bots[0].verdict;
    for (const day of ['01', '02']) {
      await snapshot(bot_id, `2026-03-${day}T00:00:00Z`);
      await trade(bot_id, `2026-03-${day}`, [10, -5]);
    }
    const before = await verdict();
    expect(before.trades).toEqual({ baseline: 2, candidate: 2 });
    await trade(bot_id, '2026-03-03', [-100, 3]);
    expect(await verdict()).toEqual(before);
  });

  test('of today has the trades of today', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-03-01T00:00:00Z');
    const closed = new Date(Date.now() - 1000);
    const fills = [closed.getTime() - 1000, closed.getTime()].map((time, i) => ({
      ...{ bot_id, fill_id: `f${i}`, order_id: `o${i}`, symbol: 'A-USD', side: i === 0 ? 'buy' : 'sell' },
      ...{ price: '1', size: '1', fee_usd: '0', filled_at: new Date(time).toISOString() },
    }));
    const reported = async () =>
      (await report({ bot_id, date: closed.toISOString().slice(0, 10), format: 'json' })).body.bots[0].day.total_trades;
    expect(await reported()).toBe(0);
    await service.call('POST /fills', { body: fills });
    expect(await reported()).toBe(1);
  });

  test('of an earlier day summarises none that is not over', async () => {
    const bot_id = bot();
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    await snapshot(bot_id, yesterday);
    await report({ bot_id, date: yesterday.slice(0, 10), format: 'json' });
    const { summaries } = (await service.call('GET /summaries', { query: { bot_id } })).body;
    const today = new Date().toISOString().slice(0, 10);
    expect(summaries.length).toBeGreaterThan(0);
    expect(summaries.filter(({ date }: { date: string }) => date >= today)).toEqual([]);
  });

  test('counts trades made by hand, or entered before the first snapshot, separately', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-03-02T00:00:00Z');
    await trade(bot_id, '2026-03-01', [7]);
    await trade(bot_id, '2026-03-02', [3], { source: 'manual' });
    expect((await report({ bot_id, date: '2026-03-01', format: 'json' })).body.bots[0]).toMatchObject({
      day: { total_trades: 0 },
      outside: { unattributed_trades: 1, unattributed_pnl_usd: 7 },
    });
    expect((await report({ bot_id, date: '2026-03-02', format: 'json' })).body.bots[0]).toMatchObject({
      day: { total_trades: 0 },
      outside: { manual_trades: 1, manual_pnl_usd: 3 },
      coverage: { manual: 2, link_rate: null },
    });
    expect((await report({ bot_id, date: '2026-03-02', format: 'text' })).body).toContain('$3.00');
  });

  test('counts unmatched sells of a bot without a snapshot, and shows a dash instead of zero for its other trades', async () => {
    const bot_id = bot();
    await trade(bot_id, '2026-03-02', [-0.5]);
    await service.call('POST /fills', {
      body: {
        ...{ bot_id, fill_id: 'alone', order_id: 'alone', symbol: 'XRP-USD', side: 'sell', price: '1', size: '10' },
        filled_at: '2026-03-02T12:00:00Z',
      },
    });
    const text = (await report({ bot_id, date: '2026-03-02', format: 'text' })).body;
    expect(text).toContain('Closing orders without a position to close: 1;');
    expect(text).toContain('P&L of the day: –   Trades: –');
    expect(text).toContain('in no strategy: 1 trade, -$0.50');
  });

  test('says when a bot has neither trades nor snapshots', async () => {
    const bot_id = bot();
    await trade(bot_id, '2026-03-02', [3]);
    for (const format of ['html', 'text']) {
      const { status, body } = await report({ bot_id, date: '2026-03-05', format });
      expect(status).toBe(200);
      expect(body).toContain('No snapshot of this bot');
      expect(body).not.toMatch(/NaN|undefined|null|Infinity/);
    }
  });

  test('shows dashes and no NaN for a strategy without trades', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-03-02T00:00:00Z');
    for (const format of ['html', 'text']) {
      const { body } = await report({ bot_id, date: '2026-03-05', format });
      expect(body).toContain('–');
      expect(body.replaceAll(/data:image\/png;base64,[^"]+/g, '')).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  test('has a section for every bot known on that day, and none for later ones', async () => {
    const [one, other, later] = [bot(), bot(), bot()];
    await snapshot(one, '2026-02-20T00:00:00Z');
    await trade(other, '2026-02-20', [1]);
    await snapshot(later, '2026-02-22T00:00:00Z');
    const bots = (await report({ date: '2026-02-21', format: 'json' })).body.bots.map(
      ({ bot_id }: { bot_id: string }) => bot_id,
    );
    expect(bots).toEqual(expect.arrayContaining([one, other]));
    expect(bots).not.toContain(later);
  });

  test('comes in pages of bots, each with the cursor of the next', async () => {
    for (let i = 0; i < 3; i++) await snapshot(bot(), '2026-02-20T00:00:00Z');
    const query = { date: '2026-02-21', format: 'json' };
    const all = (await report({ ...query, limit: '100' })).body;
    expect(all).toMatchObject({ next_cursor: null, left_out: 0 });
    const ids = (body: { bots: { bot_id: string }[] }) => body.bots.map(({ bot_id }) => bot_id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await report({ ...query, limit: '2', ...(cursor && { cursor }) });
      expect(body.bots.length).toBeLessThanOrEqual(2);
      seen.push(...ids(body));
      cursor = body.next_cursor;
    }
    expect(seen).toHaveLength(all.bots.length);
    expect(seen.toSorted()).toEqual(ids(all).toSorted());
    for (const format of ['text', 'html'])
      for (const detail of ['brief', 'full'])
        expect((await report({ date: '2026-02-21', limit: '2', format, detail })).body).toContain(
          'There are more bots',
        );
    expect((await report({ ...query, cursor: 'x' })).status).toBe(400);
  });

  test('escapes every value from outside', async () => {
    const bot_id = `<b>${crypto.randomUUID()}"'&`;
    await snapshot(bot_id, '2026-03-01T00:00:00Z', hostile);
    await snapshot(bot_id, '2026-03-02T00:00:00Z', `${hostile}2`);
    await trade(bot_id, '2026-03-02', [1], { source: hostile });
    const { body } = await report({ bot_id, date: '2026-03-02' });
    expect(body).not.toContain('<script');
    expect(body).not.toContain('<img src=x');
    expect(body).not.toContain('<b>');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).toContain(`&lt;b&gt;${bot_id.slice(3, -3)}&quot;&#39;&amp;`);
  });

  test('keeps line breaks in notes out of its lines and tables', async () => {
    const bot_id = bot();
    await snapshot(bot_id, '2026-03-01T00:00:00Z', 'one\nSubject: two\r\n\tthree');
    expect((await report({ bot_id, date: '2026-03-02', format: 'text' })).body).toContain('one Subject: two three');
  });

  test.each(['daily', 'weekly'])(
    'defines every figure of the %s report, with its window and number of observations',
    async (kind) => {
      const bot_id = bot();
      await snapshot(bot_id, '2026-03-01T00:00:00Z');
      await trade(bot_id, '2026-03-02', [10, -5]);
      const query = { bot_id, date: '2026-03-02', kind };
      const text = (await report({ ...query, format: 'text' })).body;
      const page = (await report({ ...query, format: 'html' })).body;
      const groups = definitionsOf((await report({ ...query, format: 'json' })).body);
      const definitions = groups.flatMap(({ definitions }) => definitions);
      expect(definitions.length).toBeGreaterThan(20);
      for (const { over } of groups) for (const rendering of [text, page]) expect(rendering).toContain(`Over ${over}:`);
      for (const { term, meaning } of definitions) {
        expect(text).toContain(`${term}: ${meaning}.`);
        expect(page).toContain(`>${term.replaceAll('&', '&amp;')}<`);
      }
      expect(groups[0]?.over).toContain('2 trades');
      expect(groups[0]?.definitions.map(({ term }) => term)).toContain('Win rate');
      const labels = [...page.matchAll(/<th scope="col"[^>]*>([^<]+)</g)].map(([, label = '']) => label.toLowerCase());
      expect(labels).toEqual(expect.arrayContaining(['days active', 'mean', 'median', 'by time']));
      const defined = definitions.flatMap(({ term }) => term.toLowerCase().replaceAll('&', '&amp;').split(', '));
      const plainWords = [
        'measure',
        'this week',
        'week before',
        'target',
        'trigger',
        'symbol',
        'outcome',
        'day',
        'source',
        'orders',
      ];
      expect(labels.filter((label) => ![...defined, ...plainWords].includes(label))).toEqual([]);
    },
  );

  test('has no scripts and loads nothing from other hosts', async () => {
    const { body } = await report({ bot_id: bot() });
    expect(body).not.toMatch(/<script|<link|<iframe|src="http|url\(http|@import/i);
  });

  test.each([
    [{ date: new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10) }, 'date'],
    [{ date: '2026-02-30' }, 'date'],
    [{ format: 'pdf' }, 'format'],
  ])('refuses %j', async (query, path) => {
    expect(await report(query as Record<string, string>)).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  test('covers yesterday by default', async () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    expect((await report({ bot_id: bot(), format: 'json' })).body.date).toBe(yesterday);
  });
});
