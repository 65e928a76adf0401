import { describe, expect, test } from 'vitest';
import { followsMarket } from '../../../functions/experiments/verdict/integrity.ts';
import { dayAfter } from '../../../functions/summaries/days.ts';
import { startService } from '../../support/service.ts';
import { configs, SEED } from './play.ts';

const { call } = await startService();

/** With SEED, pair 1 of `default` begins with the candidate: 1 January is the candidate's, 2 January the baseline's. */
const days = { candidate: '2026-01-01', baseline: '2026-01-02', after: '2026-01-03' };

let bots = 0;
/** A bot that follows an imported experiment of SEED, whose orders are those of its own name. */
async function experiment(): Promise<{ bot_id: string; first: 'baseline' | 'candidate'; sums: () => Promise<Sums> }> {
  bots += 1;
  const bot_id = `bot-${bots}`;
  await call('POST /snapshots', {
    body: { bot_id, config: configs.baseline, notes: 'old', active_from: '2025-12-01T00:00:00Z' },
  });
  const { body } = await call('POST /experiments', {
    body: {
      ...{ bot_id, design: 'switchback', candidate: { config: configs.candidate } },
      ...{ imported: true, seed: SEED, starts_on: days.candidate, length: '1d', most_days: 30 },
    },
  });
  const [{ blocks }] = body.pairs;
  const first = blocks[0].arm;
  await save(bot_id, configs[first as keyof typeof configs], days.candidate);
  await save(bot_id, configs[blocks[1].arm as keyof typeof configs], days.baseline);
  const path = { experiment_id: body.experiment_id };
  return {
    bot_id,
    first,
    async sums() {
      await call('POST /summaries', { body: { bot_id, from: '2026-01-01', to: '2026-01-10' } });
      const { pairs } = (await call('GET /experiments/{experiment_id}', { path })).body;
      return pairs[0].blocks.map(
        ({ trades, pnl_usd, winning_trades, losing_trades, followed }: Record<string, number>) => ({
          ...{ trades, pnl_usd, winning_trades, losing_trades, followed },
        }),
      );
    },
  };
}
type Sums = readonly Readonly<Record<'trades' | 'pnl_usd' | 'winning_trades' | 'losing_trades' | 'followed', number>>[];

const save = (bot_id: string, config: object, date: string) =>
  call('POST /snapshots', { body: { bot_id, config, active_from: `${date}T00:00:00Z` } });

const fill = (
  bot_id: string,
  id: string,
  side: 'buy' | 'sell',
  [price, size]: readonly [string, string],
  filled_at: string,
  more: object = {},
) => ({
  ...{ bot_id, fill_id: id, order_id: id, symbol: 'BTC-USD', side, price, size, fee_usd: '0', filled_at, ...more },
});
const post = (...body: object[]) => call('POST /fills', { body });
const nothing = { trades: 0, pnl_usd: 0, winning_trades: 0, losing_trades: 0, followed: 0 };
const won = (pnl_usd: number) => ({ trades: 1, pnl_usd, winning_trades: 1, losing_trades: 0, followed: 1 });

describe('the sums of a block', () => {
  test('a sell that closes entries of two blocks makes a trade in each', async () => {
    const { bot_id, sums } = await experiment();
    await post(
      fill(bot_id, 'b1', 'buy', ['100', '1'], `${days.candidate}T10:00:00Z`),
      fill(bot_id, 'b2', 'buy', ['110', '1'], `${days.baseline}T10:00:00Z`),
      fill(bot_id, 's', 'sell', ['115', '2'], `${days.after}T10:00:00Z`),
    );
    expect(await sums()).toEqual([won(15), won(5)]);
  });

  test('a part under one percent of the sell joins the largest part', async () => {
    const { bot_id, sums } = await experiment();
    await post(
      fill(bot_id, 'b1', 'buy', ['100', '0.005'], `${days.candidate}T10:00:00Z`),
      fill(bot_id, 'b2', 'buy', ['110', '1'], `${days.baseline}T10:00:00Z`),
      fill(bot_id, 's', 'sell', ['120', '1.005'], `${days.after}T10:00:00Z`),
    );
    expect(await sums()).toEqual([nothing, won(10.1)]);
  });

  test('a position with partial exits is one trade of the block in which it was opened', async () => {
    const { bot_id, sums } = await experiment();
    const position = { position_id: '7' };
    await post(
      fill(bot_id, 'b1', 'buy', ['100', '2'], `${days.candidate}T10:00:00Z`, position),
      fill(bot_id, 's1', 'sell', ['105', '1'], `${days.candidate}T12:00:00Z`, position),
      fill(bot_id, 's2', 'sell', ['101', '1'], `${days.after}T12:00:00Z`, position),
    );
    expect(await sums()).toEqual([won(6), nothing]);
  });

  test('a short belongs to the block of its first sale', async () => {
    const { bot_id, sums } = await experiment();
    const short = { position_side: 'short' };
    await post(
      fill(bot_id, 's', 'sell', ['100', '1'], `${days.baseline}T10:00:00Z`, short),
      fill(bot_id, 'b', 'buy', ['90', '1'], `${days.after}T10:00:00Z`, short),
    );
    expect(await sums()).toEqual([nothing, won(10)]);
  });

  test('manual trades are never counted', async () => {
    const { bot_id, sums } = await experiment();
    const manual = { source: 'manual' };
    await post(
      fill(bot_id, 'b', 'buy', ['100', '1'], `${days.candidate}T10:00:00Z`, manual),
      fill(bot_id, 's', 'sell', ['120', '1'], `${days.candidate}T11:00:00Z`),
    );
    expect(await sums()).toEqual([nothing, nothing]);
  });

  test('a trade counts in its block whatever settings made it, and does not count as followed', async () => {
    const { bot_id, first, sums } = await experiment();
    await call('POST /snapshots', {
      body: {
        ...{ bot_id, config: { rsi: 'by hand' } },
        ...{ active_from: '2025-11-01T00:00:00Z', active_until: '2025-11-02T00:00:00Z' },
      },
    });
    const { body } = await call('GET /snapshots', { query: { bot_id } });
    const other = body.snapshots.at(-1).snapshot_id;
    await call('POST /trade-links', { body: { bot_id, order_id: 'b', snapshot_id: other } });
    await post(
      fill(bot_id, 'b', 'buy', ['100', '1'], `${days.candidate}T10:00:00Z`),
      fill(bot_id, 's', 'sell', ['120', '1'], `${days.candidate}T11:00:00Z`),
    );
    expect(first).toMatch(/baseline|candidate/);
    expect(await sums()).toEqual([{ ...won(20), followed: 0 }, nothing]);
  });

  test('a late earlier fill, a correction and a void move what was counted', async () => {
    const { bot_id, sums } = await experiment();
    await post(
      fill(bot_id, 'b2', 'buy', ['110', '1'], `${days.baseline}T10:00:00Z`),
      fill(bot_id, 's', 'sell', ['120', '1'], `${days.after}T10:00:00Z`),
    );
    expect(await sums()).toEqual([nothing, won(10)]);
    await post(fill(bot_id, 'b1', 'buy', ['100', '1'], `${days.candidate}T10:00:00Z`));
    expect(await sums()).toEqual([won(20), nothing]);
    await call('POST /fills/corrections', {
      body: { bot_id, fill_id: 's', price: '130', reason: 'the exchange said so' },
    });
    expect(await sums()).toEqual([won(30), nothing]);
    await call('POST /fills/corrections', { body: { bot_id, fill_id: 'b1', void: true, reason: 'it never happened' } });
    expect(await sums()).toEqual([nothing, won(20)]);
  });
});

test('after a pause that voids a pair, trades of the new pair count there alone', async () => {
  const bot_id = 'paused';
  await save(bot_id, configs.baseline, '2025-12-01');
  const { body } = await call('POST /experiments', {
    body: {
      ...{ bot_id, design: 'switchback', candidate: { config: configs.candidate } },
      ...{
        imported: true,
        seed: SEED,
        starts_on: '2026-01-01',
        length: '1d',
        most_days: 30,
        voids: [{ pair: 1, arm: 'baseline' }],
      },
    },
  });
  const [{ blocks }] = body.pairs;
  const inFirst = blocks[0].from.slice(0, 10);
  await post(
    fill(bot_id, 'b', 'buy', ['100', '1'], `${inFirst}T10:00:00Z`),
    fill(bot_id, 's', 'sell', ['110', '1'], `${inFirst}T11:00:00Z`),
    fill(bot_id, 'pb', 'buy', ['100', '1'], `${inFirst}T10:00:00Z`, { position_id: '7' }),
    fill(bot_id, 'ps', 'sell', ['110', '1'], `${inFirst}T11:00:00Z`, { position_id: '7' }),
  );
  await call('POST /summaries', { body: { bot_id, from: '2026-01-01', to: '2026-01-10' } });
  const { pairs } = (await call('GET /experiments/{experiment_id}', { path: { experiment_id: body.experiment_id } }))
    .body;
  expect(pairs[0]).toMatchObject({ void: { broken_in: 'baseline' }, blocks: [{ trades: 0 }, { trades: 0 }] });
});

test('an imported test that still runs counts the days that are over when it is sent', async () => {
  const bot_id = 'still-running';
  await save(bot_id, configs.baseline, '2025-12-01');
  const today = new Date().toISOString().slice(0, 10);
  const dates = [dayAfter(today, -2), dayAfter(today, -1), today];
  await post(
    ...dates.flatMap((date) => [
      fill(bot_id, `${date} b`, 'buy', ['100', '1'], `${date}T00:00:00Z`),
      fill(bot_id, `${date} s`, 'sell', ['110', '1'], `${date}T00:00:00Z`),
    ]),
  );
  const { body } = await call('POST /experiments', {
    body: {
      ...{ bot_id, design: 'switchback', candidate: { config: configs.candidate } },
      ...{ imported: true, seed: SEED, starts_on: dates[0], length: '1d', most_days: 10 },
    },
  });
  const blocks = body.pairs.flatMap(({ blocks }: { blocks: { from: string; trades: number }[] }) => blocks);
  const counted = Object.fromEntries(
    blocks.map(({ from, trades }: { from: string; trades: number }) => [from.slice(0, 10), trades]),
  );
  const sentOn = body.created_at.slice(0, 10);
  for (const date of dates) expect({ date, trades: counted[date] }).toEqual({ date, trades: date < sentOn ? 1 : 0 });
});

test('a candidate that is twice the baseline is a larger bet on the market', () => {
  const pairs = Array.from({ length: 12 }, (_, i) => {
    const arm = (pnl: number) => ({ trades: 3, winning: 2, losing: 1, pnl, followed: 3, held_after: 0 });
    return { baseline: arm((i % 5) - 1.7), candidate: arm(2 * ((i % 5) - 1.7)) };
  });
  expect(followsMarket(pairs)).toBeGreaterThan(3);
});

/** A trade of a day with this P&L. */
const trade = (bot_id: string, date: string, pnl: number) => [
  fill(bot_id, `${date}-b`, 'buy', ['100', '1'], `${date}T10:00:00Z`),
  fill(bot_id, `${date}-s`, 'sell', [String(100 + pnl), '1'], `${date}T10:01:00Z`),
];

test('two bots that still run are compared up to yesterday', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const dates = [-3, -2, -1].map((days) => dayAfter(today, days));
  const [from = '', , to] = dates;
  await save('live-1', configs.baseline, dayAfter(from, -1));
  await save('live-2', configs.candidate, dayAfter(from, -1));
  for (const bot_id of ['live-1', 'live-2']) {
    await post(...dates.flatMap((date) => trade(bot_id, date, 1)));
    await call('POST /summaries', { body: { bot_id, from, to } });
  }
  const { body } = await call('POST /experiments', {
    body: { design: 'parallel', bot_id: 'live-1', candidate_bot_id: 'live-2', starts_on: from, most_days: 30 },
  });
  const pairs = body.pairs.map(({ blocks }: { blocks: { from: string }[] }) => blocks[0]?.from.slice(0, 10));
  // Should midnight pass meanwhile, that day is one of them.
  const isSameDay = new Date().toISOString().startsWith(today);
  expect(pairs).toEqual(isSameDay ? dates : [...dates, today]);
});

test('two bots are compared over the days on which each had its settings, also in the past', async () => {
  const dates = Array.from({ length: 12 }, (_, i) => `2026-03-${String(i + 1).padStart(2, '0')}`);
  for (const [bot_id, config] of [
    ['paper-1', configs.baseline],
    ['paper-2', configs.candidate],
  ] as const)
    await save(bot_id, config, '2026-02-28');
  // On 5 March the candidate's bot changes its settings for an hour: that day is no pair.
  await call('POST /snapshots', {
    body: { bot_id: 'paper-2', config: { rsi: 9 }, active_from: '2026-03-05T08:00:00Z' },
  });
  await call('POST /snapshots', {
    body: { bot_id: 'paper-2', config: configs.candidate, active_from: '2026-03-05T09:00:00Z' },
  });
  await post(...dates.flatMap((date, i) => [...trade('paper-1', date, i % 3), ...trade('paper-2', date, (i % 3) + 1)]));
  for (const bot_id of ['paper-1', 'paper-2'])
    await call('POST /summaries', { body: { bot_id, from: '2026-03-01', to: '2026-03-12' } });
  const { status, body } = await call('POST /experiments', {
    body: {
      design: 'parallel',
      bot_id: 'paper-1',
      candidate_bot_id: 'paper-2',
      starts_on: '2026-03-01',
      most_days: 12,
    },
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({ seed: null, length: '1d', settle_days: 0, candidate: { bot_id: 'paper-2' } });
  expect(body.pairs.map(({ pair }: { pair: number }) => pair)).toEqual(Array.from({ length: 11 }, (_, i) => i + 1));
  expect(body.pairs.map(({ blocks }: { blocks: { from: string }[] }) => blocks[0]?.from.slice(8, 10))).toEqual([
    '01',
    '02',
    '03',
    '04',
    '06',
    '07',
    '08',
    '09',
    '10',
    '11',
    '12',
  ]);
  expect(body.verdict).toMatchObject({
    kind: 'not_enough_data',
    labels: ['not_randomised'],
    trades: { baseline: 11, candidate: 11 },
    expectancy: { difference: 1 },
  });
});

test('the length of a block is chosen from the trades of the ninety days before the test', async () => {
  const bot_id = 'with-history';
  await save(bot_id, configs.baseline, '2025-06-01');
  const daily = (date: string, trades: number) =>
    Array.from({ length: trades }, () => ['buy', 'sell'] as const).flatMap((sides, i) =>
      sides.map((side) =>
        fill(bot_id, `${date} ${i} ${side}`, side, ['10', '1'], `${date}T0${i % 10}:0${side === 'buy' ? 1 : 2}:00Z`),
      ),
    );
  // One trade a day before it; many long before, and many since.
  await post(
    ...daily('2025-06-10', 30),
    ...daily('2025-12-01', 1),
    ...daily('2025-12-02', 1),
    ...daily('2026-01-05', 30),
  );
  await call('POST /summaries', { body: { bot_id, from: '2025-06-10' } });
  await call('POST /summaries', { body: { bot_id, from: '2025-12-01', to: '2025-12-02' } });
  await call('POST /summaries', { body: { bot_id, from: '2026-01-05' } });
  const { status, body } = await call('POST /experiments', {
    body: {
      ...{ bot_id, design: 'switchback', candidate: { config: configs.candidate } },
      ...{ imported: true, seed: SEED, starts_on: '2026-01-01', most_days: 30 },
    },
  });
  expect({ status, length: body.length }).toEqual({ status: 201, length: '4d' });
});
