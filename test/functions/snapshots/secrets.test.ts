import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { botConfigs } from '../../support/bot-configs.ts';
import { startMailService } from '../../support/mail-service.ts';
import { plantedSecrets, tracesOf } from '../../support/planted-secrets.ts';
import { type Reply, startService } from '../../support/service.ts';
import { bot } from './saving.ts';

const mail = await startMailService();
const { call, fire, sql } = await startService({ ses: mail.url });
// The functions log everything, to the console.
Object.assign(process.env, { POWERTOOLS_LOG_LEVEL: 'DEBUG', POWERTOOLS_DEV: 'true' });

const logged: string[] = [];
const replies: string[] = [];
beforeAll(() => {
  for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((...line) => void logged.push(line.join(' ')));
});
afterAll(() => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(process.env, 'POWERTOOLS_DEV');
});

const remembered = (reply: Reply): Reply => {
  replies.push(JSON.stringify(reply));
  return reply;
};
const save = async (body: object) => remembered(await call('POST /snapshots', { body }));
const post = async (route: string, body: unknown) => remembered(await call(route, { body }));

/** Every row of every table. */
async function rows(): Promise<string> {
  const tables = await sql<{ name: string }>(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  const contents = await Promise.all(
    tables.map(({ name }) => sql<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)),
  );
  return contents
    .flat()
    .map(({ row }) => row)
    .join('\n');
}

describe.each(Object.entries(botConfigs))('a full configuration of %s', (_, { config, secrets, traces, kept }) => {
  test('is stored without its secrets, and with everything else', async () => {
    const bot_id = bot();
    const { status, body } = await save({ bot_id, config, notes: 'As it is' });
    expect(status).toBe(201);
    expect(body.redacted).toHaveLength(secrets);

    const current = await call('GET /snapshots/current', { query: { bot_id } });
    const stored = JSON.stringify(current.body.config);
    for (const trace of traces) expect(`${stored}${JSON.stringify(body)}${await rows()}`).not.toContain(trace);
    for (const setting of kept) expect(stored).toContain(setting);
  });
});

test('the answer names what was redacted, and the same configuration with other secrets is the same', async () => {
  const bot_id = bot();
  const config = (key: string) => ({
    rsi: 1,
    exchange: { name: 'kraken', apiKey: key },
    urls: [`https://u:${key}@x.example`],
  });
  const first = await save({ bot_id, config: config('one'), notes: 'First' });
  expect(first.body.redacted).toEqual(['/exchange/apiKey', '/urls/0']);
  expect(await save({ bot_id, config: config('two') })).toMatchObject({
    status: 200,
    body: { changed: false, redacted: ['/exchange/apiKey', '/urls/0'], config_hash: first.body.config_hash },
  });
  const { body } = await call('GET /snapshots/current', { query: { bot_id } });
  expect(body.config).toEqual({
    rsi: 1,
    exchange: { name: 'kraken', apiKey: '[redacted]' },
    urls: ['https://[redacted]@x.example'],
  });
});

test('numbers and flags whose names contain "key", and names of coins, hashes and strategies stay', async () => {
  const config = {
    key_count: 3,
    use_keys: true,
    api_key_index: 2,
    sort_key: 'quoteVolume',
    price_key: 'close',
    groupKey: 'pair',
    signature_type: 'EOA',
    private_rooms: 'none',
    base_token: 'ETH',
    tokens: ['BTC', 'ETH'],
    max_tokens: 4,
    key: '',
    secret: null,
    file_hash: 'a'.repeat(64),
    strategy: 'MultiMA_TSL3_Mod_NFIX7_Strategy_v12',
    url: 'https://api.example.com/v3/klines?symbol=BTC&limit=5',
    path: '/home/Ana/user_data/strategies/Momentum2024Long/settings.json',
  };
  const bot_id = bot();
  expect((await save({ bot_id, config, notes: 'Nothing secret' })).body.redacted).toEqual([]);
  expect((await call('GET /snapshots/current', { query: { bot_id } })).body.config).toEqual(config);
});

test('passwords and accounts are redacted as numbers too', async () => {
  const config = { pin: 1234, password: 5678, telegram: { chat_id: -100123 }, pins: 2 };
  const { body } = await save({ bot_id: bot(), config, notes: 'Numbers' });
  expect(body.redacted).toEqual(['/password', '/pin', '/telegram/chat_id']);
});

test('notes, reasons and what links say have no secrets', async () => {
  const bot_id = bot();
  await save({ bot_id, config: { rsi: 1 }, notes: 'See https://u:n0tes-pw@x.example', created_by: 'api_key=n0tes-pw' });
  await post('POST /snapshots/rollback', { bot_id, notes: 'password: n0tes-pw' });
  await post('POST /trade-links', {
    bot_id,
    order_id: 'o-1',
    settings: { rsi: 1, exchange: { secret: 'n0tes-pw' } },
    indicator_breakdown: { rsi: 1, api_key: 'n0tes-pw' },
  });
  const link = await call('GET /trade-links/{order_id}', { path: { order_id: 'o-1' }, query: { bot_id } });
  expect(link.body).toMatchObject({
    settings: { rsi: 1, exchange: { secret: '[redacted]' } },
    indicator_breakdown: { rsi: 1, api_key: '[redacted]' },
  });
  expect(await rows()).not.toContain('n0tes-pw');
});

test('a rollback reactivates a configuration as it is stored', async () => {
  const bot_id = bot();
  await save({ bot_id, config: { rsi: 1, secret: 'r0llback' }, notes: 'One' });
  await save({ bot_id, config: { rsi: 2, secret: 'r0llback' }, notes: 'Two' });
  const { body } = await post('POST /snapshots/rollback', { bot_id, notes: 'Back' });
  expect(body).toMatchObject({ config: { rsi: 1, secret: '[redacted]' }, redacted: ['/secret'] });
});

test('a refused request repeats none of its secrets', async () => {
  const secret = 'refus3d-secret';
  const bodies = [
    `{"config": {"secret": "${secret}"`,
    `{"config": {"secret": ${secret}}}`,
    JSON.stringify({ config: { secret }, secret }),
    JSON.stringify({ config: { secret, a: '\u0000' } }),
    JSON.stringify({ config: { secret }, active_from: secret }),
    JSON.stringify({ config: `secret=${secret}` }),
    JSON.stringify({ secret }),
  ];
  for (const rawBody of bodies) {
    const refused = await call('POST /snapshots', { rawBody });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).not.toContain(secret);
  }
  expect(logged.join()).not.toContain(secret);
});

test('a secret at any place of any configuration is in no row, answer, log line or mail', async () => {
  const secrets: string[] = [];
  const property = fc.asyncProperty(plantedSecrets, async ({ config, secret }) => {
    secrets.push(secret);
    const { status, body } = await save({ config, notes: 'Planted' });
    expect([200, 201]).toContain(status);
    if (status === 201) expect(body.redacted).not.toEqual([]);
  });
  await fc.assert(property, { numRuns: 150, seed: 1 });
  remembered(await call('GET /report', { query: { format: 'html' } }));
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  await fire('daily-report', tomorrow);

  const mails = (await mail.messages()).map(({ parsed }) => `${parsed.html}${parsed.text}`);
  expect(mails.length).toBeGreaterThan(0);
  expect(logged.some((line) => line.includes('saveSnapshot'))).toBe(true);
  const everything = [await rows(), ...replies, ...logged, ...mails].join('\n');
  for (const trace of secrets.flatMap(tracesOf)) expect(everything).not.toContain(trace);
});

test.each(['binance_key', 'krakenKey', 'private', 'signature', 'request_signature', 'keystore'])(
  'a short text under %s is redacted, and a number is not',
  async (name) => {
    const { body } = await save({ bot_id: `short-${name}`, config: { [name]: 'sh0rt', nested: { [name]: 3 } } });
    const { body: saved } = await call('GET /snapshots/{snapshot_id}', {
      path: { snapshot_id: body.snapshot_id },
    });
    expect(saved.config).toEqual({ [name]: '[redacted]', nested: { [name]: 3 } });
  },
);
