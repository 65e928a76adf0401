import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StartProcess, startProcess } from '../local/start-process.ts';
import { migratedUrl } from '../support/database.ts';
import { nodeEnvironment } from '../support/node.ts';
import { STACK, startAws } from './smoke/aws.ts';
import { awsAt, credentials } from './smoke/run.ts';
import { strategy, strategyProcess } from './strategy.ts';
import {
  BUSY_BOT,
  NEW_BOT,
  type Recorded,
  recordFirstDay,
  recordHistory,
  recordManySnapshots,
} from './terminal/history.ts';
import { rollbackTests } from './terminal/rollback.ts';

let directory: string;
let service: StartProcess;
let api: string;
let recorded: Recorded;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'strategy-terminal-'));
  service = startProcess({ DATABASE_URL: await migratedUrl() });
  ({ api } = await service.ready);
  process.env.PORT = new URL(api).port;
  recorded = await recordHistory(api);
});

afterAll(async () => {
  service.kill('SIGTERM');
  await service.ended;
  await rm(directory, { recursive: true });
});

const here = () => ({ PORT: new URL(api).port, COLUMNS: '80', TMPDIR: directory });
const run = (...args: string[]) => strategy(args);
const runProcess = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  strategyProcess(args, { ...here(), ...more });
const get = async (path: string) => (await fetch(`${api}${path}`)).json();
const short = (id: string) => id.slice(0, 8);
const done = (stdout: string) => ({ code: 0, stderr: '', stdout });

describe.concurrent('each command shows what the service knows:', () => {
  test('compare: the verdict, baseline and candidate, the targets and the change', async () => {
    const { verdict } = (await get('/comparison')) as { verdict: { summary: string } };
    const { code, stdout } = await run('compare');
    expect(code).toBe(0);
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain(verdict.summary);
    expect(text).toContain('Measure Baseline Candidate Difference');
    expect(text).toMatch(/Expectancy \$0.71 \$1.29 \$0.57 Win rate 42.9 % 57.1 % 14.3 points/);
    expect(text).toContain('Targets of the active settings: every target met');
    expect(text).toMatch(/\/score_buy_target 5.5 5 /);
    expect(text).not.toContain('Complete days count');
  });

  test('current: the snapshot and its settings', async () => {
    const { stdout } = await run('current');
    expect(stdout).toMatch(/from 2026-03-08 00:00\sUTC, active\./);
    expect(stdout).toMatch(/^ {2}\/score_buy_target {3}5$/m);
  });

  test('snapshots: the newest first', async () => {
    const { stdout } = await run('snapshots');
    const [changed, old] = [short(recorded.changed), short(recorded.old)];
    expect(stdout).toMatch(new RegExp(`^  ${changed}  2026-03-08 00:00  active            [^…]`, 'm'));
    expect(stdout).toMatch(new RegExp(`^  ${old}  2026-03-01 00:00  2026-03-08 00:00  The old settings$`, 'm'));
    expect(stdout.indexOf(changed)).toBeLessThan(stdout.indexOf(old));
  });

  test('diff: of the active snapshot, of one, and of two either way', async () => {
    const [changed, old] = [short(recorded.changed), short(recorded.old)];
    const [active, second, whole, backwards, first] = await Promise.all([
      run('diff'),
      run('diff', changed),
      run('diff', recorded.changed.toUpperCase()),
      run('diff', changed, old),
      run('diff', old),
    ]);
    expect(active.stdout).toMatch(`From snapshot ${old} to snapshot ${changed}.\n`);
    expect(active.stdout).toMatch(/score_buy_target {2}5.5 {5}5$/m);
    expect(second).toEqual(active);
    expect(whole).toEqual(active);
    expect(backwards.stdout).toMatch(`From snapshot ${changed} to snapshot ${old}.\n`);
    expect(backwards.stdout).toMatch(/score_buy_target {2}5 {7}5.5$/m);
    expect(first).toEqual(done(`Snapshot ${old} is the first: every setting is new.\n`));
  });

  test('plan: how long the next test will take', async () => {
    const { summary } = (await get('/comparison/plan?effect=0.5')) as { summary: string };
    const { stdout } = await run('plan', '--effect', '0.5');
    expect(stdout.replaceAll(/\s+/g, ' ').trim()).toBe(summary);
  });

  test('coverage: where the orders came from', async () => {
    const { stdout } = await run('coverage', '--hours', '1');
    expect(stdout).toContain('Orders filled in the last 1 hour: 1.');
    expect(stdout).toMatch(/^ {2}bot +1 +0 +1 +0 +0$/m);
  });

  test('summary: the requested days', async () => {
    const { stdout } = await run('summary', '--from=2026-03-12', '--to=2026-03-13');
    expect(stdout.match(/^ {2}2026.*$/gm)).toEqual([
      `  2026-03-13  ${short(recorded.changed)}       1     0.0 %  -$1.00      -$1.00`,
      `  2026-03-12  ${short(recorded.changed)}       1   100.0 %   $3.00       $3.00`,
    ]);
    expect((await run('summary', '--from=2026-03-07', '--snapshot', short(recorded.old))).stdout).toMatch(
      /^ {2}2026-03-07 [^\n]*\n$/m,
    );
  });

  test('trades: the newest first, filtered by day, snapshot, symbol and side', async () => {
    const { stdout } = await run('trades', '--from', '2026-03-12', '--to', '2026-03-13');
    expect(stdout.match(/^ {2}[0-9a-f]{8} .*$/gm)).toEqual([
      expect.stringMatching(/^ {2}[0-9a-f]{8} {2}2026-03-13 {2}10:00 {2}BTC-USD {2}long {2}-\$1.00 {2}1.0 h {2}–$/),
      expect.stringMatching(/^ {2}[0-9a-f]{8} {2}2026-03-12 {2}10:00 {2}BTC-USD {2}long {3}\$3.00 {2}1.0 h {2}–$/),
    ]);
    const count = async (...filters: string[]) =>
      JSON.parse((await run('trades', '--json', '--limit', '500', ...filters)).stdout).trades.length;
    expect(await Promise.all([count(), count('--snapshot', short(recorded.old)), count('--side', 'short')])).toEqual([
      14, 7, 0,
    ]);
    expect(await count('--from', '2026-03-12T10:00:00Z', '--to', '2026-03-13T10:00:00Z')).toBe(1);
  });

  test('trade: what its P&L consists of, by the start of its id', async () => {
    const { trades } = (await get('/trades?limit=500')) as { trades: { trade_id: string; closed_at: string }[] };
    const { trade_id = '' } = trades.find(({ closed_at }) => closed_at.startsWith('2026-03-12')) ?? {};
    const [whole, start] = await Promise.all([run('trade', trade_id), run('trade', short(trade_id).toUpperCase())]);
    expect(start).toEqual(whole);
    const text = whole.stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain('BTC-USD long, 1 from 100 to 103 USD: P&L $3.00 after 1.0 h.');
    expect(text).toContain('Opened 2026-03-12 09:00 and closed 2026-03-12 10:00 UTC, under 設定の変更');
    expect(text).toContain('2026-03-12 09:00 buy 1 100 $0.00 2026-03-12-buy');
    expect(text).toContain('2026-03-12 09:00 2026-03-12 10:00 1 $100.00 $103.00 $3.00');
    const none = await run('trade', '0'.repeat(12));
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('"strategy trades" lists them.') });
  });

  test('positions: what is open and since when', async () => {
    const { stdout } = await run('positions');
    expect(stdout).toMatch(
      new RegExp(`^ {2}BTC-USD {2}long +1 +100 +\\$0.00 {2}[\\d-]+ [\\d:]+ {2}${short(recorded.changed)}$`, 'm'),
    );
    expect((await run('positions', '--symbol', 'ETH-USD')).stdout).toContain('Nothing is open.');
  });

  test('bots: their strategies, their last fills and what is open', async () => {
    const { stdout } = await run('bots');
    expect(stdout).toMatch(/^ {2}default {2}設定の変更.* [\d-]+ [\d:]+ +1 +\$0.00 /m);
  });

  test('report: as it is mailed', async () => {
    const { stdout } = await run('report', '--date', '2026-03-12', '--full');
    const squeezed = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
    const mailed = await (await fetch(`${api}/report?date=2026-03-12&format=text&detail=full`)).text();
    expect(squeezed(stdout)).toBe(squeezed(mailed));
    const tablesOf = (text: string) => text.match(/^ {2}.*$/gm) ?? [];
    expect(tablesOf(stdout)).toEqual(expect.arrayContaining(tablesOf(mailed)));
    expect(tablesOf(mailed).length).toBeGreaterThan(20);
  });
});

describe.concurrent('a report is opened', () => {
  test('in a file that only its owner can read, when there is no browser', async () => {
    const { code, stdout } = await runProcess(['report', '--open', '--date', '2026-03-12']);
    expect(code).toBe(0);
    const [, file = ''] = /^There is no browser: the report is in (\S+)$/m.exec(stdout) ?? [];
    expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>/i);
  });

  test('in the browser, when there is one', async () => {
    const [browser, seen] = [join(directory, 'browser'), join(directory, 'seen')];
    await writeFile(browser, `#!/bin/sh\necho "$1" > ${seen}\n`);
    await chmod(browser, 0o700);
    const { stdout } = await runProcess(['report', '--open'], { BROWSER: browser });
    expect(stdout).toMatch(/^Opened /);
    expect(await readFile(seen, 'utf8')).toBe(stdout.replace('Opened ', ''));
  });
});

test('the launcher runs the Node.js of the project', () => {
  const { stdout, stderr } = spawnSync('cli/strategy.js', ['current', '--help'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toContain('Show the active snapshot and its settings\n\nUsage: strategy current');
});

test('the launcher passes on SIGTERM and the exit code', async () => {
  const launcher = spawn('cli/strategy.js', ['start'], {
    env: { ...nodeEnvironment(), PORT: '0', INBOX_PORT: '0', DATABASE_URL: await migratedUrl() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  while (!String((await once(launcher.stdout, 'data'))[0]).includes('Ready.'));
  launcher.kill('SIGTERM');
  expect(await once(launcher, 'exit')).toEqual([0, null]);
});

describe.concurrent('the screen', () => {
  test.each([60, 80, 120])(
    'of %d columns is never exceeded, and the data cannot send escape sequences to it',
    async (columns) => {
      const shown = await Promise.all(
        ['compare', 'snapshots', 'summary', 'trades', 'positions', 'bots'].map((name) => strategy([name], columns)),
      );
      const lines = shown.flatMap(({ stdout }) => stdout.split('\n'));
      expect(lines.length).toBeGreaterThan(60);
      expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([]);
      expect(lines.filter((line) => line.includes('\u001b'))).toEqual([]);
      expect(lines.some((line) => line.endsWith('…'))).toBe(true);
      expect(lines.filter((line) => /^ {2}[0-9a-f-]*…/.test(line) || /^ {2}20[\d-]+ +[0-9a-f-]+…/.test(line))).toEqual(
        [],
      );
    },
  );

  test.each([80, 120])('of %d columns holds a report', async (columns) => {
    const { stdout } = await strategy(['report', '--date', '2026-03-12'], columns);
    const widths = stdout.split('\n').map((line) => stringWidth(line));
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    expect(Math.max(...widths)).toBeGreaterThan(columns - 10);
  });

  test('is as wide as COLUMNS when there is no terminal, else 80', async () => {
    const [inProcess, asProcess, wide] = await Promise.all([
      run('compare'),
      runProcess(['compare'], { COLUMNS: '' }),
      runProcess(['compare'], { COLUMNS: '120' }),
    ]);
    expect(asProcess).toEqual(inProcess);
    expect(wide).toEqual(await strategy(['compare'], 120));
  });
});

describe.concurrent('for scripts', () => {
  test.each([
    ['compare', () => '/comparison'],
    ['snapshots', () => '/snapshots?limit=20'],
    ['summary', () => '/summaries?limit=500'],
    ['trades', () => '/trades?limit=20'],
    ['positions', () => '/positions'],
    ['bots', () => '/bots'],
    ['diff', () => `/snapshots/${recorded.changed}/changes`],
    ['report', () => '/report?format=json'],
  ])('%s --json is the answer of the service', async (name, pathOf) => {
    const path = pathOf();
    const { stdout } = await run(name, '--json');
    const withoutTheTime = (answer: unknown) => JSON.stringify(answer).replaceAll(/"computed_at":"[^"]+"/g, '');
    expect(withoutTheTime(JSON.parse(stdout))).toBe(withoutTheTime(await get(path)));
  });
});

describe.concurrent('a usage error ends with 2 and the reason:', () => {
  test.each([
    ['compar', 'unknown command compar'],
    ['current --verbose', "Unknown option '--verbose'"],
    ['diff 1 2 3', 'unexpected operand: 3'],
    ['diff one', 'one must be the id of a snapshot, or the start of one, such as 0f8fad5b'],
    ['trade one', 'one must be the id of a trade, or the start of one, such as 0f8fad5b'],
    ['trade', 'missing operand: <id>'],
    ['trades --to 2026-02-30', 'to must be a day such as 2026-11-22, or a time with an offset'],
    ['trades --side up', 'side '],
    ['summary --from 2026-02-30', 'from must be a day'],
    ['current --url here', '--url must be an address'],
  ])('%s', async (line, message) => {
    const { code, stdout, stderr } = await run(...line.split(' '));
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('rollback without a terminal for the confirmation', async () => {
    expect(await runProcess(['rollback'])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('this command asks for confirmation: add --yes'),
    });
  });
});

describe.concurrent('a failure ends with 1 and the reason:', () => {
  test.each([
    ['current --bot nobody', 'The service refused (404): bot nobody has no active snapshot\n'],
    ['report --date 2999-01-01', 'The service refused (400): date: must not be in the future'],
    ['current --url http://127.0.0.1:9', 'nothing answers at http://127.0.0.1:9: start the service with npm start'],
  ])('%s', async (line, message) => {
    const { code, stderr } = await run(...line.split(' '));
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });
});

test('an empty result is a sentence', async () => {
  const shown = await Promise.all(
    ['compare', 'snapshots', 'summary', 'trades', 'positions'].map((name) => run(name, '--bot', 'nobody')),
  );
  expect(shown.map(({ code, stdout }) => `${code} ${stdout.split('\n')[0]}`)).toEqual([
    '0 >> No snapshot of this bot’s settings yet.',
    '0 This bot has no snapshot yet.',
    '0 There is no daily summary yet.',
    '0 No such trade was closed. "strategy positions" lists what is open, and "strategy',
    '0 Nothing is open. "strategy trades" lists what was closed.',
  ]);
});

test('a deployed service is found by its stage or its stack, and its requests are signed', async () => {
  const aws = await startAws({ service: api, dataApi: '' });
  const onAws = (...place: string[]) => strategyProcess(['current', ...place], { ...awsAt(aws.url), ...credentials });
  const [byStage, byStack, missing, hereShown] = await Promise.all([
    onAws('--stage', 'dev'),
    onAws('--stack', STACK),
    onAws('--stage', 'none', '--region', 'us-east-1'),
    run('current'),
  ]);
  await aws.close();
  expect(byStage).toEqual(hereShown);
  expect(byStack).toEqual(hereShown);
  expect(missing.stderr).toContain('there is no stack strategy-snapshots-none-service in us-east-1');
  expect(missing.code).toBe(1);
});

rollbackTests({ run, get, environment: here, recorded: () => recorded });

test('a snapshot can be named by any prefix of its id that is unique for the bot', async () => {
  const ids = await recordManySnapshots(api);
  const startingWith = (start: string) => ids.filter((id) => id.startsWith(start));
  const id = ids.find((each) => startingWith(each.slice(0, 1)).length > 1) ?? '';
  const digit = id.slice(0, 1);
  const busy = (start: string) => run('diff', start, '--bot', BUSY_BOT);

  const ambiguous = await busy(digit);
  expect(ambiguous).toMatchObject({ code: 1, stdout: '' });
  const sharing = startingWith(digit);
  expect(ambiguous.stderr).toContain(`The ids of ${sharing.length} snapshots start with ${digit}: type more of it.\n`);
  for (const each of sharing) expect(ambiguous.stderr).toContain(`  ${each}\n`);

  const unique = id.slice(
    0,
    id.split('').findIndex((_, i) => startingWith(id.slice(0, i)).length === 1),
  );
  expect(await busy(unique)).toEqual(await busy(id));

  const unknown = Array.from({ length: 16 ** 3 }, (_, n) => n.toString(16).padStart(3, '0')).find(
    (start) => startingWith(start).length === 0,
  );
  expect(await busy(unknown ?? '')).toEqual({
    code: 1,
    stdout: '',
    stderr: `No snapshot of the bot busy has an id that starts with ${unknown}: "strategy snapshots" lists them.\n`,
  });
});

test('compare explains on a first day why it counts no trade yet', async () => {
  await recordFirstDay(api);
  const { verdict } = (await get(`/comparison?bot_id=${NEW_BOT}`)) as { verdict: { through: string } };
  const { stdout } = await run('compare', '--bot', NEW_BOT);
  const text = stdout.replaceAll(/\s+/g, ' ');
  expect(text).toContain('no trade has closed under these settings.');
  expect(text).toContain(`Complete days count, up to ${verdict.through}; the trades of today will count tomorrow.`);
  expect(text).toMatch(/expectancy over \$0.10 – no data/);
});
