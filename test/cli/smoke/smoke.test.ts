import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresServer } from '@strategy-snapshots/rds-data-local';
import { cases } from '@strategy-snapshots/rds-data-local/conformance';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MASTER_SECRET_ARN } from '../../../local/arns.ts';
import { type LocalService, startService } from '../../../local/service.ts';
import { localSettings } from '../../../local/settings.ts';
import { dataApiOver } from '../../support/data-api.ts';
import { startPostgresServer } from '../../support/postgres-server.ts';
import { strategyProcess } from '../strategy.ts';
import { STACK, startAws } from './aws.ts';
import { awsAt, credentials, runSmoke } from './run.ts';

const dataApi = ['--data-api', '--master-secret', MASTER_SECRET_ARN];

let aws: Awaited<ReturnType<typeof startAws>>;
let service: LocalService;
let databaseUrl: string;
const running: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const postgres = await startPostgresServer();
  databaseUrl = postgres.url;
  running.push(postgres.stop);
  const settings = localSettings({ DATABASE_URL: databaseUrl, PORT: '0', INBOX_PORT: '0', LOG_LEVEL: 'SILENT' });
  service = await startService(settings, () => undefined);
  running.push(service.stop);
  const engine = await openPostgresServer(databaseUrl);
  const database = await dataApiOver(engine);
  running.push(engine.close, database.close);
  aws = await startAws({ service: service.url, dataApi: database.url });
  running.push(aws.close);
});

afterAll(async () => {
  for (const stop of running.toReversed()) await stop();
});

const smoke = (...args: string[]) => runSmoke(aws.url, ['--stack', STACK, ...args]);

async function sql(text: string) {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the smoke test of a deployment', () => {
  test('passes every check of a healthy deployment, and mails the report', async () => {
    aws.becomes({ asleepFor: 2 });
    const { code, stdout, marked } = await smoke('--mail');
    expect(marked('✓')).toEqual([
      `the last deployment of ${STACK} is complete`,
      'GET /health answers without a signature',
      'GET /snapshots without a signature is refused',
      'GET /health/database: the database answers',
      'POST /snapshots, twice',
      'POST /snapshots with another configuration, twice',
      'POST /fills, twice',
      'POST /trade-links, twice',
      'POST /summaries, twice',
      'POST /snapshots/rollback, twice',
      'GET /comparison',
      'GET /trades',
      'GET /coverage',
      'GET /report?format=json',
      'GET /openapi.json has every operation',
      expect.stringMatching(/^daily-summary is fired: \{"date":/),
      expect.stringMatching(/^daily-report is fired: \{.*"sent":1\}/),
      'no run of daily-summary has failed for good',
      'no run of nightly-bots has failed for good',
      'no run of daily-report has failed for good',
      'no run of bot-reports has failed for good',
      'no run of mailings has failed for good',
    ]);
    expect(stdout).toMatch(/Everything passed\.\nThe records of this test are kept under the bot smoke-\d+\.\n$/);
    expect(code).toBe(0);
    const { mails } = (await (await fetch(`${service.inboxUrl}/mails`)).json()) as { mails: unknown[] };
    expect(mails).toHaveLength(1);
  });

  test('checks the Data API in a temporary database, and drops it', async () => {
    aws.becomes({});
    const before = await sql('SELECT count(*) FROM strategy_snapshots');
    const { code, marked } = await smoke(...dataApi);
    expect(marked('✗')).toEqual([]);
    expect(marked('✓').filter((line) => line.startsWith('Data API: '))).toHaveLength(cases.length);
    expect(marked('✓')).toContain('the Data API, in a temporary database');
    expect(code).toBe(0);
    expect(await sql("SELECT datname FROM pg_database WHERE datname LIKE 'smoke%'")).toEqual([]);
    expect(Number((await sql('SELECT count(*) FROM strategy_snapshots'))[0].count)).toBe(Number(before[0].count) + 3);
  });

  test('runs no case when requests for that database reach the service’s database', async () => {
    aws.becomes({ ignoresDatabase: true });
    const { code, marked } = await smoke(...dataApi);
    expect(marked('✗')).toEqual([expect.stringMatching(/^the Data API.*: requests for smoke_\d+ reach postgres$/)]);
    expect(code).toBe(1);
  });

  test('reports every fault, and continues with the other checks', async () => {
    aws.becomes({ stackStatus: 'UPDATE_ROLLBACK_COMPLETE', letsUnsignedIn: true, summaryFails: true, givenUp: 2 });
    const { code, stderr, marked } = await smoke();
    expect(marked('✗')).toEqual([
      `the last deployment of ${STACK} is complete: it is UPDATE_ROLLBACK_COMPLETE`,
      'GET /snapshots without a signature is refused: the status is 200, not 403',
      'daily-summary is fired: daily-summary-function failed: not finished',
      expect.stringMatching(/^no run of daily-summary has failed for good: 2 wait in https:\/\/.+\/daily-summary$/),
    ]);
    expect(marked('–')).toEqual(['daily-report: skipped, it mails real recipients (--mail)']);
    expect(stderr).toBe('4 checks failed.\n');
    expect(code).toBe(1);
  });

  test('fails a write that responds to a repetition as to the first, and reads nothing', async () => {
    aws.becomes({ losesFills: true, reports: false });
    const { code, marked } = await smoke();
    expect(marked('✗')).toEqual([
      expect.stringMatching(/^POST \/fills, twice: the answer is .+"accepted":2.+, not .+"duplicates":2/),
    ]);
    expect(marked('–')).toEqual([
      'reads: skipped, there is nothing to find',
      'daily-report: skipped, it is not deployed (the setting report_sender)',
    ]);
    expect(code).toBe(1);
  });
});

describe.concurrent('a missing prerequisite is a clear error', () => {
  const signedIn = { AWS_ACCESS_KEY_ID: 'smoke', AWS_SECRET_ACCESS_KEY: 'another' };
  const stack = ['--stack', STACK];
  test.each<[string, string[], Record<string, string> | undefined, string]>([
    ['a stack that does not exist', ['--stack', 'other'], undefined, 'there is no stack other in us-east-1: deploy it'],
    ['no credentials', stack, { AWS_REGION: 'us-east-1' }, 'there are no AWS credentials: sign in, or set AWS_PROFILE'],
    ['no region', stack, signedIn, 'there is no AWS region: give --region, or set AWS_REGION'],
  ])('%s', async (_, args, environment, message) => {
    const { code, stdout, stderr } = await runSmoke(aws.url, args, environment);
    expect(stderr).toContain(message);
    expect((stdout + stderr).trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  test('prefers --region to the environment', async () => {
    const { stderr } = await runSmoke(aws.url, ['--stack', 'other', '--region', 'eu-west-1']);
    expect(stderr).toContain('there is no stack other in eu-west-1');
  });
});

describe('strategy open, for a deployment', () => {
  test('serves its page here, signs each call, only reads, and ends at Ctrl-C', async () => {
    aws.becomes({});
    const asked: Promise<readonly number[]>[] = [];
    const { code, stdout } = await strategyProcess(
      ['open', '--stack', STACK],
      { ...awsAt(aws.url), ...credentials },
      {
        onOutput: (text, child) => {
          const page = /http\S+/.exec(text)?.[0];
          if (page === undefined) return;
          asked.push(askThePage(page).finally(() => child.kill('SIGINT')));
        },
      },
    );
    expect(await Promise.all(asked)).toEqual([[200, 200, 403, 401]]);
    expect(code).toBe(0);
    expect(stdout).toContain('It only reads; --write lets it change things.');
  });

  test('gives the browser no token in its arguments, which every user of the machine sees', async () => {
    aws.becomes({});
    const directory = await mkdtemp(join(tmpdir(), 'strategy-open-'));
    const [browser, given] = [join(directory, 'browser'), join(directory, 'given')];
    await writeFile(browser, `#!/bin/sh\necho "$1" > ${given}\ncp -p "$1" ${given}.html\n`);
    await chmod(browser, 0o700);
    const { stdout } = await strategyProcess(
      ['open', '--stack', STACK],
      { ...awsAt(aws.url), ...credentials, BROWSER: browser },
      {
        onOutput: (text, child) => {
          if (text.includes('Ready')) child.kill('SIGINT');
        },
      },
    );
    const page = /http\S+/.exec(stdout)?.[0] ?? '';
    const opened = (await readFile(given, 'utf8')).trim();
    expect(opened).not.toContain('token');
    expect((await stat(`${given}.html`)).mode & 0o777).toBe(0o600);
    expect(await readFile(`${given}.html`, 'utf8')).toContain(`url=${page}"`);
    expect(existsSync(opened)).toBe(false);
    await rm(directory, { recursive: true });
  });

  test('says what is wrong where there is no such deployment', async () => {
    const { code, stderr } = await strategyProcess(['open', '--stack', 'nowhere'], {
      ...awsAt(aws.url),
      ...credentials,
    });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('nowhere') });
  });
});

/** The statuses of the page itself, a read and a write of someone with its address, and a read of someone without. */
async function askThePage(page: string): Promise<readonly number[]> {
  const { origin } = new URL(page);
  const opened = await fetch(page, { redirect: 'manual' });
  const cookie = String(opened.headers.get('set-cookie')).split(';')[0] ?? '';
  const answers = await Promise.all([
    fetch(`${origin}/`, { headers: { cookie } }),
    fetch(`${origin}/_page/api/bots`, { headers: { cookie } }),
    fetch(`${origin}/_page/api/snapshots/rollback`, { method: 'POST', headers: { cookie }, body: '{}' }),
    fetch(`${origin}/_page/api/bots`),
  ]);
  return answers.map(({ status }) => status);
}
