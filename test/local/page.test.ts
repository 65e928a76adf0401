import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServedPage, servePage } from '../../cli/open/serve-page.ts';
import { sendTo } from '../../cli/service/send.ts';
import { migratedUrl } from '../support/database.ts';
import { type StartProcess, startProcess } from './start-process.ts';

let service: StartProcess;
let localPage: string;
let readOnly: ServedPage;

beforeAll(async () => {
  service = startProcess({ DATABASE_URL: await migratedUrl(), WEEKLY_REVIEW: 'off' });
  const { api } = await service.ready;
  localPage = /^Page +(http\S+)$/m.exec(service.output())?.[1] ?? '';
  const send = sendTo({ url: api, stack: undefined, region: undefined });
  readOnly = await servePage({ send, write: false, place: 'the service of this test', port: 0 });
});

afterAll(async () => {
  await readOnly.close();
  service.killGroup('SIGKILL');
  await service.ended;
});

interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request with exactly these headers: `fetch` refuses to set those that browsers set. */
const ask = (page: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Asked> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(page);
    const asked = request(
      { hostname, port, path, headers, method: body === undefined ? 'GET' : 'POST' },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString('latin1'),
          }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });

/** The cookie that opening the printed address sets. */
async function cookieOf(page: string): Promise<string> {
  const { status, headers } = await ask(page, `/${new URL(page).search}`);
  expect(status).toBe(303);
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

const doors = () =>
  [
    ['the local service', localPage],
    ['strategy open', readOnly.url],
  ] as const;

const API = '/_page/api';
const closed = ['/', '/_page/session', '/_page/assets/page.js', `${API}/bots`, `${API}/report`];

describe('the door of the page', () => {
  test('opens with the printed address, whose token becomes a cookie that no script and no other site gets', async () => {
    for (const [door, page] of doors()) {
      const { headers } = await ask(page, `/${new URL(page).search}`);
      expect(String(headers['set-cookie']), door).toMatch(
        /^strategy_page_\d+=[\w-]{32}; HttpOnly; SameSite=Strict; Path=\/$/,
      );
      const cookie = await cookieOf(page);
      for (const path of closed) expect((await ask(page, path, { cookie })).status, `${door} ${path}`).toBe(200);
    }
  });

  test('shows nothing to another user of this machine, who has no token or a wrong one', async () => {
    for (const [door, page] of doors()) {
      const [name] = (await cookieOf(page)).split('=');
      for (const headers of [{}, { cookie: `${name}=${'x'.repeat(32)}` }, { cookie: `${name}=` }])
        for (const path of closed)
          expect((await ask(page, path, headers as Record<string, string>)).status, `${door} ${path}`).toBe(401);
    }
  });

  test('has a token of its own at each start', async () => {
    const tokens = doors().map(([, page]) => new URL(page).searchParams.get('token'));
    expect(new Set(tokens).size).toBe(2);
  });

  test.each([
    ['a host name that resolves to this machine (DNS rebinding)', { host: 'evil.example' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }],
    ['a picture or a script in another site', { 'sec-fetch-site': 'cross-site' }],
    ['a picture or a script in a page of another port', { 'sec-fetch-site': 'same-site' }],
  ])('gives nothing to %s, even with the cookie', async (_, headers) => {
    for (const [door, page] of doors()) {
      const cookie = await cookieOf(page);
      for (const path of [`${API}/bots`, '/_page/session'])
        expect((await ask(page, path, { cookie, ...headers })).status, `${door} ${path}`).toBe(403);
      expect((await ask(page, `${API}/snapshots`, { cookie, ...headers }, '{"config":{}}')).status, door).toBe(403);
    }
  });

  test('forwards only operations of the contract', async () => {
    for (const [door, page] of doors()) {
      const cookie = await cookieOf(page);
      for (const path of [
        `${API}/_local/schedules/daily-report`,
        `${API}/../health`,
        `${API}/nowhere`,
        `${API}//evil.example/`,
        '/%5Fpage/api/bots',
        '/_page/%61pi/bots',
      ])
        expect((await ask(page, path, { cookie })).status, `${door} ${path}`).toBe(404);
    }
  });

  test('only reads, unless it may write', async () => {
    const post = async (page: string) => {
      const headers = { cookie: await cookieOf(page), 'content-type': 'application/json' };
      return ask(page, `${API}/snapshots`, headers, '{"bot_id":"page","config":{"a":1}}');
    };
    const refused = await post(readOnly.url);
    expect({ status: refused.status, detail: JSON.parse(refused.body).detail }).toEqual({
      status: 403,
      detail: 'this page only reads: start it again with --write to change anything',
    });
    expect((await post(localPage)).status).toBe(201);
    const session = async (page: string) =>
      JSON.parse((await ask(page, '/_page/session', { cookie: await cookieOf(page) })).body);
    expect(await session(readOnly.url)).toEqual({ write: false, place: 'the service of this test' });
    expect(await session(localPage)).toEqual({ write: true, place: 'this machine' });
  });

  test('answers a poll without a body as long as nothing has changed', async () => {
    for (const [door, page] of doors()) {
      const cookie = await cookieOf(page);
      const { headers } = await ask(page, `${API}/bots`, { cookie });
      const again = await ask(page, `${API}/bots`, { cookie, 'if-none-match': String(headers.etag) });
      expect({ status: again.status, body: again.body, door }).toEqual({ status: 304, body: '', door });
    }
  });

  test('allows scripts of its own only, and reports no script at all', async () => {
    for (const [door, page] of doors()) {
      const cookie = await cookieOf(page);
      const policy = String((await ask(page, '/', { cookie })).headers['content-security-policy']);
      expect(policy, door).toContain("default-src 'none'; script-src 'self';");
      expect(policy, door).not.toMatch(/script-src[^;]*unsafe/);
      const report = await ask(page, `${API}/report`, { cookie });
      expect(String(report.headers['content-security-policy']), door).toMatch(/^default-src 'none'; .*sandbox/);
      expect(report.headers['x-content-type-options'], door).toBe('nosniff');
    }
  });

  test('says why, where the service is gone', async () => {
    const send = sendTo({ url: 'http://127.0.0.1:9', stack: undefined, region: undefined });
    const page = await servePage({ send, write: true, place: 'nowhere', port: 0 });
    const { status, body } = await ask(page.url, `${API}/bots`, { cookie: await cookieOf(page.url) });
    await page.close();
    expect({ status, detail: JSON.parse(body).detail }).toMatchObject({
      status: 502,
      detail: expect.stringContaining('nothing answers'),
    });
  });

  test('serves the page in less than 250 KB', async () => {
    const cookie = await cookieOf(localPage);
    const files = await Promise.all(
      ['page.js', 'page.css'].map((name) => ask(localPage, `/_page/assets/${name}`, { cookie })),
    );
    expect(files.map(({ headers }) => headers['content-encoding'])).toEqual(['gzip', 'gzip']);
    expect(files.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThan(250_000);
  });
});
