import { beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../../functions/operations.ts';
import { type Ids, idsOf, posted, reading, writing } from '../../reliability/cases.ts';
import { sendAll } from '../../reliability/writes.ts';
import type { Sending } from '../../support/service.ts';
import { startService } from '../../support/service.ts';

const account = 'arn:aws:iam::000000000000';
const session = (role: string, name: string) => `arn:aws:sts::000000000000:assumed-role/${role}/${name}`;
const federated = (name: string) => `arn:aws:sts::000000000000:federated-user/${name}`;
process.env.BOT_CALLERS = JSON.stringify({
  [`${account}:role/bots/scalper`]: ['mine'],
  [`${account}:role/fleet`]: ['{session}'],
  [`${account}:user/ada`]: ['mine', 'also mine'],
});
const { call, sql } = await startService();

const scalper = session('scalper', 'any');
const owner = session('Admin', 'grace');
const asOwner: typeof call = (route, sending) => call(route, { ...sending, signer: owner });
/** Operations that are about no bot, or list those of the caller. */
const OPEN = ['getHealth', 'getDatabaseHealth', 'getOpenApi', 'listBots'];
/** Operations about all bots. */
const FOR_OWNERS = ['setBot', 'unblockRecipient'];
const cases = operations.map(({ id }) => id).filter((id) => ![...OPEN, ...FOR_OWNERS].includes(id));

const ids: Record<string, Ids> = {};
beforeAll(async () => {
  for (const bot of ['mine', 'theirs']) {
    await sendAll(asOwner, posted(bot));
    ids[bot] = await idsOf(asOwner, bot);
  }
});

function requestOf(id: string, bot: string): Sending & { route: string } {
  const its = ids[bot] as Ids;
  const request = reading(bot, its)[id] ?? writing[id]?.(bot, its);
  if (!request) throw new Error(`there is no request of ${id}`);
  return request;
}

/** Everything that is stored of a bot's own. */
const stored = async () =>
  (
    await sql<{ text: string }>(
      `SELECT jsonb_agg(to_jsonb(row) ORDER BY to_jsonb(row)::text)::text AS text
     FROM (SELECT snapshot_id::text AS id, notes FROM strategy_snapshots WHERE bot_id = 'theirs'
           UNION ALL SELECT fill_id, price::text FROM fills WHERE bot_id = 'theirs'
           UNION ALL SELECT order_id, NULL FROM trade_strategy_link WHERE bot_id = 'theirs'
           UNION ALL SELECT experiment_id::text, jsonb_agg(to_jsonb(e))::text FROM experiments JOIN experiment_events e USING (experiment_id) WHERE bot_id = 'theirs' GROUP BY 1) AS row`,
    )
  )[0]?.text;

describe.each(cases)('%s', (id) => {
  test('of another bot is a 403 that reads and writes nothing, and that of the own bot is not', async () => {
    const before = await stored();
    const { route, ...request } = requestOf(id, 'theirs');
    const refused = await call(route, { ...request, signer: scalper });
    expect(refused).toMatchObject({ status: 403, body: { detail: 'the signer may not use this bot' } });
    expect(await stored()).toBe(before);

    const own = requestOf(id, 'mine');
    expect((await call(own.route, { ...own, signer: scalper })).status).toBeLessThan(300);
  });
});

test.each(FOR_OWNERS)('%s is for callers that may use all bots', async (id) => {
  const { route, ...request } = requestOf(id, 'mine');
  expect((await call(route, { ...request, signer: scalper })).status).toBe(403);
  expect((await call(route, { ...request, signer: owner })).status).toBeLessThan(500);
});

test('a batch with one item of another bot is refused as a whole', async () => {
  const item = { order_id: 'o', signal_data: {} };
  const body = [
    { ...item, bot_id: 'mine' },
    { ...item, bot_id: 'theirs' },
  ];
  expect((await call('POST /trade-links', { body, signer: scalper })).status).toBe(403);
  // Without a name it is that of the default bot.
  expect((await call('POST /trade-links', { body: item, signer: scalper })).status).toBe(403);
});

test.each(['getReport', 'listExperiments'])('%s of all bots is for callers that may use all', async (id) => {
  const { route, query: { bot_id: _, ...query } = {} } = requestOf(id, 'mine');
  expect(await call(route, { query, signer: scalper })).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining('bot_id') },
  });
  expect((await call(route, { query, signer: owner })).status).toBe(200);
});

test('the list of bots has those of the caller', async () => {
  const listed = async (signer: string) =>
    (await call('GET /bots', { signer })).body.bots.map(({ bot_id }: { bot_id: string }) => bot_id);
  expect(await listed(scalper)).toEqual(['mine']);
  expect(await listed(owner)).toEqual(expect.arrayContaining(['mine', 'theirs']));
});

test('a parallel test with another bot is refused', async () => {
  const body = { bot_id: 'mine', candidate_bot_id: 'theirs', design: 'parallel' };
  expect((await call('POST /experiments', { body, signer: scalper })).status).toBe(403);
});

test('a parallel test is for callers that may use both of its bots', async () => {
  const starts_on = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
  const body = { bot_id: 'mine', candidate_bot_id: 'theirs', design: 'parallel', starts_on };
  for (const bot_id of ['mine', 'theirs'])
    await asOwner('POST /snapshots', { body: { bot_id, config: { rsi: bot_id }, notes: `Settings of ${bot_id}` } });
  const { status, body: experiment } = await asOwner('POST /experiments', { body });
  expect(status).toBe(201);
  const path = { experiment_id: experiment.experiment_id };

  for (const signer of [scalper, session('fleet', 'theirs')]) {
    expect((await call('GET /experiments/{experiment_id}', { path, signer })).status).toBe(403);
    expect((await call('POST /experiments/{experiment_id}/stop', { path, body: {}, signer })).status).toBe(403);
  }
  for (const [signer, bot_id, other] of [
    [scalper, 'mine', 'theirs'],
    [session('fleet', 'theirs'), 'theirs', 'mine'],
  ] as const)
    for (const [route, query] of [
      ['GET /experiments', { bot_id }],
      ['GET /report', { bot_id, format: 'json' }],
      ['GET /report', { bot_id, format: 'json', kind: 'weekly' }],
    ] as const) {
      const shown = await call(route, { query, signer });
      expect(shown.status).toBe(200);
      expect(JSON.stringify(shown.body)).not.toContain(`"${other}"`);
      expect(JSON.stringify((await asOwner(route, { query })).body)).toContain(`"${other}"`);
    }
});

test('a report of the own bot names blocked addresses and failed mails of its own recipients only', async () => {
  await asOwner('PUT /bots/{bot_id}', { path: { bot_id: 'mine' }, body: { recipients: ['ann@example.org'] } });
  const [{ list_id = '' } = {}] = await sql<{ list_id: string }>('SELECT list_id FROM report_recipients');
  await sql(
    `INSERT INTO blocked_recipients (address, reason, blocked_at)
     VALUES ('ann@example.org', 'bounce', now()), ('bob@example.org', 'bounce', now())`,
  );
  await sql(
    `INSERT INTO report_deliveries (kind, date, list_id, recipient, status, error)
     SELECT 'daily', current_date - 2, list_id, 'any@example.org', 'refused', 'of ' || list_id
     FROM unnest(ARRAY['', $1]) AS list_id`,
    [list_id],
  );
  const named = async (signer: string) => {
    const { body } = await call('GET /report', { query: { bot_id: 'mine', format: 'json' }, signer });
    return {
      blocked: body.blocked_recipients.map(({ address }: { address: string }) => address),
      failed: body.failed_deliveries.map(({ recipients }: { recipients: number }) => recipients),
    };
  };
  expect(await named(scalper)).toEqual({ blocked: ['ann@example.org'], failed: [1] });
  expect(await named(owner)).toEqual({ blocked: ['ann@example.org', 'bob@example.org'], failed: [2] });
});

test('the changes against a snapshot of another bot are refused', async () => {
  const path = { snapshot_id: ids.mine?.snapshot_id ?? '' };
  const query = { against: ids.theirs?.snapshot_id ?? '' };
  expect((await call('GET /snapshots/{snapshot_id}/changes', { path, query, signer: scalper })).status).toBe(403);
});

describe.each<[string, (snapshot_id: string) => Sending & { route: string }]>([
  [
    'the baseline of a test',
    (id) => ({ route: 'POST /experiments', body: testOf({ baseline: id, candidate: { config: { rsi: 0 } } }) }),
  ],
  ['its candidate', (id) => ({ route: 'POST /experiments', body: testOf({ candidate: { snapshot_id: id } }) })],
  [
    'the snapshot to roll back to',
    (snapshot_id) => ({ route: 'POST /snapshots/rollback', body: { bot_id: 'mine', snapshot_id } }),
  ],
  [
    'the snapshot of a link',
    (snapshot_id) => ({ route: 'POST /trade-links', body: { bot_id: 'mine', order_id: 'o-9', snapshot_id } }),
  ],
  ['the baseline of a comparison', (baseline) => ({ route: 'GET /comparison', query: { bot_id: 'mine', baseline } })],
  ['its candidate', (candidate) => ({ route: 'GET /comparison', query: { bot_id: 'mine', candidate } })],
  ['the snapshot of trades', (snapshot_id) => ({ route: 'GET /trades', query: { bot_id: 'mine', snapshot_id } })],
])('%s', (_, request) => {
  test('that is of another bot is answered as one that is unknown', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000';
    const theirs = ids.theirs?.snapshot_id ?? '';
    const answer = async (id: string) => {
      const { route, ...sending } = request(id);
      const { status, body } = await call(route, { ...sending, signer: scalper });
      return JSON.stringify({ status, body })
        .replaceAll(id, '<id>')
        .replaceAll(/"instance":"[^"]*"/g, '');
    };
    expect(await answer(theirs)).toBe(await answer(unknown));
    expect(await answer(theirs)).toMatch(/bot mine has no snapshot <id>|"trades":\[\]/);
    expect(await answer(theirs)).not.toContain('theirs');
  });
});

const testOf = (arms: object) => ({ bot_id: 'mine', design: 'switchback', ...arms });

test.each([
  ['a role of a fleet may use the bot that its session is named after', session('fleet', 'mine'), 200],
  ['and no other', session('fleet', 'theirs'), 403],
  ['a user is known by its ARN', `${account}:user/ada`, 200],
  ['a role of the same name in another account is another', 'arn:aws:sts::111111111111:assumed-role/fleet/theirs', 200],
  ['a role whose name only ends alike is another', session('my-scalper', 'x'), 200],
  ['who has no entry may use all bots', owner, 200],
  ['and so does the account itself', `${account}:root`, 200],
  ['a federated user, whose name its user has chosen, is refused', federated('ada'), 403],
  ['also under the name of an owner', federated('grace'), 403],
  ['a request without a signer is refused', undefined, 403],
])('%s', async (_, signer, status) => {
  expect((await call('GET /snapshots', { query: { bot_id: 'mine' }, signer })).status).toBe(status);
});
