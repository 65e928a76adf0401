import { beforeAll, describe, expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const { call } = await startService();
const bot_id = 'reconciled';

const result = (compared: number, trades: number, rest: object = {}) => ({
  ...{ bot_id, source: 'freqtrade', compared, agreed: compared - trades },
  differences: trades === 0 ? [] : [{ reason: 'fee missing', trades }],
  ...rest,
});
const record = (body: object) => call('POST /reconciliations', { body });

/** The report as text, on one line. */
const report = async (detail: 'brief' | 'full') =>
  (await call('GET /report', { query: { bot_id, format: 'text', detail } })).body.replaceAll(/\s+/g, ' ');

beforeAll(async () => {
  await call('POST /snapshots', { body: { bot_id, config: {} } });
});

describe('a reconciliation', () => {
  test('is missing at first, and the report says so', async () => {
    const { bots } = (await call('GET /bots')).body;
    expect(bots).toMatchObject([{ bot_id, reconciled_at: null, reconciled_trades: null, agreed_trades: null }]);
    expect(await report('full')).toContain(
      'Never compared with the bot’s own records: "strategy reconcile" does that.',
    );
  });

  test('is shown in the report and with the bot', async () => {
    const { status, body } = await record(result(10, 2, { at: '2026-01-02T03:04:05+01:00' }));
    expect({ status, body }).toEqual({ status: 200, body: result(10, 2, { at: '2026-01-02T02:04:05Z' }) });
    expect((await call('GET /bots')).body.bots).toMatchObject([
      { reconciled_at: '2026-01-02T02:04:05Z', reconciled_trades: 10, agreed_trades: 8 },
    ]);
    expect(await report('brief')).toContain(
      '2 of 10 trades differ from the records of freqtrade: strategy reconcile lists them.',
    );
    expect(await report('full')).toContain(
      'Compared with freqtrade on 2 January 2026, 02:04 (UTC): 8 of 10 trades agree; different: fee missing 2.',
    );
  });

  test('is replaced by a later one of the same source, and not by an earlier one', async () => {
    const later = result(11, 0, { at: '2026-01-03T00:00:00Z' });
    expect((await record(later)).body).toEqual(later);
    expect((await record(result(10, 2, { at: '2026-01-02T00:00:00Z' }))).body).toEqual(later);
    const other = result(1, 1, { source: 'Hummingbot', at: '2026-01-04T00:00:00Z' });
    await record(other);
    const { reconciliations } = (await call('GET /report', { query: { bot_id, format: 'json' } })).body.bots[0];
    expect(reconciliations).toEqual([other, later]);
  });

  test('is made now by default', async () => {
    const before = Date.now();
    const { at } = (await record({ ...result(1, 0), source: 'now' })).body;
    expect(Date.parse(at)).toBeGreaterThanOrEqual(before - 1);
  });

  test.each([
    ['of a bot that is not known', { bot_id: 'nobody' }, 404, 'there is no bot nobody'],
    ['in the future', { at: '2999-01-01T00:00:00Z' }, 400, 'at: is more than 300 s in the future'],
    ['whose counts do not add up', { agreed: 3 }, 400, 'must be the sum of agreed and of the trades'],
    ['without a source', { source: '' }, 400, 'source'],
  ])('%s is refused', async (_, wrong, status, detail) => {
    const reply = await record({ ...result(10, 2), ...wrong });
    expect(reply).toMatchObject({ status, body: { detail: expect.stringContaining(detail) } });
  });
});
