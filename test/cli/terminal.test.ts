import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../cli/commands.ts';
import { type StartProcess, startProcess } from '../local/start-process.ts';
import { migratedUrl } from '../support/database.ts';
import { STACK, startAws } from './smoke/aws.ts';
import { awsAt, credentials } from './smoke/run.ts';
import { NEW_BOT, tellFirstDay, tellHistory } from './terminal/history.ts';
import { rollbackTests } from './terminal/rollback.ts';
import { strategy, strategyProcess } from './terminal/run.ts';

let directory: string;
let service: StartProcess;
let api: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'strategy-terminal-'));
  service = startProcess({ DATABASE_URL: await migratedUrl() });
  ({ api } = await service.ready);
  process.env.PORT = new URL(api).port;
  await tellHistory(api);
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
const done = (stdout: string) => ({ code: 0, stderr: '', stdout });

describe.concurrent('each command shows what the service knows:', () => {
  test('compare: the verdict, baseline beside candidate, the targets and the change', async () => {
    const { verdict } = (await get('/comparison')) as { verdict: { summary: string } };
    const { code, stdout } = await run('compare');
    expect(code).toBe(0);
    const said = stdout.replaceAll(/\s+/g, ' ');
    expect(said).toContain(verdict.summary);
    expect(said).toContain('Measure Baseline Candidate Difference');
    expect(said).toMatch(/Expectancy \$0.71 \$1.29 \$0.57 Win rate 42.9 % 57.1 % 14.3 points/);
    expect(said).toContain('Targets of the active strategy: every target met');
    expect(said).toMatch(/\/score_buy_target 5.5 5 /);
    expect(said).not.toContain('days that are over');
  });

  test('current: the snapshot and its settings', async () => {
    const { stdout } = await run('current');
    expect(stdout).toMatch(/from 2026-03-08 00:00\sUTC, active\./);
    expect(stdout).toMatch(/^ {2}\/score_buy_target {3}5$/m);
  });

  test('snapshots: the newest first', async () => {
    const { stdout } = await run('snapshots');
    expect(stdout).toMatch(
      /2 {2}2026-03-08 00:00 {2}active .*\n.* 1 {2}2026-03-01 00:00 {2}2026-03-08 00:00 {2}The old settings$/m,
    );
  });

  test('diff: of the active snapshot, of one, and of two either way', async () => {
    const [active, second, backwards, first] = await Promise.all([
      run('diff'),
      run('diff', '2'),
      run('diff', '2', '1'),
      run('diff', '1'),
    ]);
    expect(active.stdout).toMatch(/From snapshot 1 to snapshot 2\.[\s\S]*score_buy_target {2}5.5 {5}5$/m);
    expect(second).toEqual(active);
    expect(backwards.stdout).toMatch(/From snapshot 2 to snapshot 1\.[\s\S]*score_buy_target {2}5 {7}5.5$/m);
    expect(first).toEqual(done('Snapshot 1 is the first: all of it is new.\n'));
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

  test('summary: the days asked for', async () => {
    const { stdout } = await run('summary', '--from=2026-03-12', '--to=2026-03-13');
    expect(stdout.match(/^ {2}2026.*$/gm)).toEqual([
      '  2026-03-13         2       1     0.0 %  -$1.00      -$1.00',
      '  2026-03-12         2       1   100.0 %   $3.00       $3.00',
    ]);
  });

  test('report: as it is mailed', async () => {
    const { stdout } = await run('report', '--date', '2026-03-12');
    const squeezed = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
    const mailed = await (await fetch(`${api}/report?date=2026-03-12&format=text`)).text();
    expect(squeezed(stdout)).toBe(squeezed(mailed));
    const tablesOf = (text: string) => text.match(/^ {2}.*$/gm) ?? [];
    expect(tablesOf(stdout)).toEqual(expect.arrayContaining(tablesOf(mailed)));
    expect(tablesOf(mailed).length).toBeGreaterThan(20);
  });
});

describe.concurrent('a report is opened', () => {
  test('in a file that is for its owner alone, where there is no browser', async () => {
    const { code, stdout } = await runProcess(['report', '--open', '--date', '2026-03-12']);
    expect(code).toBe(0);
    const [, file = ''] = /^No browser is here: the report is in (\S+)$/m.exec(stdout) ?? [];
    expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>/i);
  });

  test('in the browser, where there is one', async () => {
    const [browser, seen] = [join(directory, 'browser'), join(directory, 'seen')];
    await writeFile(browser, `#!/bin/sh\necho "$1" > ${seen}\n`);
    await chmod(browser, 0o700);
    const { stdout } = await runProcess(['report', '--open'], { BROWSER: browser });
    expect(stdout).toMatch(/^Opened /);
    expect(await readFile(seen, 'utf8')).toBe(stdout.replace('Opened ', ''));
  });
});

test('the launcher finds the Node.js that the project brings', () => {
  const { stdout, stderr } = spawnSync('cli/strategy.js', ['current', '--help'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toContain('strategy current: the active snapshot and its settings');
});

describe.concurrent('the screen', () => {
  test.each([60, 80, 120])('of %d columns is never overrun, and nobody else paints on it', async (columns) => {
    const shown = await Promise.all(['compare', 'snapshots', 'summary'].map((name) => strategy([name], columns)));
    const lines = shown.flatMap(({ stdout }) => stdout.split('\n'));
    expect(lines.length).toBeGreaterThan(60);
    expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([]);
    expect(lines.filter((line) => line.includes('\u001b'))).toEqual([]);
    expect(lines.some((line) => line.endsWith('…'))).toBe(true);
  });

  test.each([80, 120])('of %d columns holds a report', async (columns) => {
    const { stdout } = await strategy(['report', '--date', '2026-03-12'], columns);
    const widths = stdout.split('\n').map((line) => stringWidth(line));
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    expect(Math.max(...widths)).toBeGreaterThan(columns - 10);
  });

  test('is as wide as COLUMNS says where there is none, or else 80', async () => {
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
    ['compare', '/comparison'],
    ['summary', '/summaries?limit=500'],
    ['diff', '/snapshots/2/changes'],
    ['report', '/report?format=json'],
  ])('%s --json is the answer of the service', async (name, path) => {
    const { stdout } = await run(name, '--json');
    const withoutTheTime = (answer: unknown) => JSON.stringify(answer).replaceAll(/"computed_at":"[^"]+"/g, '');
    expect(withoutTheTime(JSON.parse(stdout))).toBe(withoutTheTime(await get(path)));
  });
});

describe.concurrent('a wrong command line ends with 2 and says what is wrong:', () => {
  test.each([
    ['compar', 'there is no command compar'],
    ['current --verbose', "Unknown option '--verbose'"],
    ['diff 1 2 3', '3 is too much for diff'],
    ['diff one', 'snapshot_id must be a snapshot id'],
    ['summary --from 2026-02-30', 'from must be a day'],
    ['current --url here', '--url must be an address'],
  ])('%s', async (line, message) => {
    const { code, stdout, stderr } = await run(...line.split(' '));
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('rollback, where nobody can be asked', async () => {
    expect(await runProcess(['rollback'])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('nobody is here to ask: --yes goes ahead without'),
    });
  });
});

describe.concurrent('what fails ends with 1 and says why:', () => {
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

test('nothing to show is a sentence', async () => {
  const shown = await Promise.all(['compare', 'snapshots', 'summary'].map((name) => run(name, '--bot', 'nobody')));
  expect(shown.map(({ code, stdout }) => `${code} ${stdout.split('\n')[0]}`)).toEqual([
    '0 >> No snapshot of this bot’s settings yet.',
    '0 No snapshot of this bot’s settings yet.',
    '0 No day is summarised here yet.',
  ]);
});

test('help tells of every command, and of each option', async () => {
  const { stdout } = await run('--help');
  for (const name of Object.keys(commands)) expect(stdout).toMatch(new RegExp(`^  ${name} .*  \\w`, 'm'));
  const { code, stdout: ofOne } = await run('summary', '--help');
  expect(code).toBe(0);
  for (const option of ['--from <day>', '--to <day>', '--bot <id>', '--json', '--url', '--stage', '--stack'])
    expect(ofOne).toContain(`  ${option}`);
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

rollbackTests({ run, get, environment: here });

test('compare says on a first day why the verdict knows of no trade beside targets that count one', async () => {
  await tellFirstDay(api);
  const { verdict } = (await get(`/comparison?bot_id=${NEW_BOT}`)) as { verdict: { through: string } };
  const { stdout } = await run('compare', '--bot', NEW_BOT);
  const said = stdout.replaceAll(/\s+/g, ' ');
  expect(said).toContain('no trade has closed under this configuration.');
  expect(said).toContain(
    `The verdict counts the days that are over, up to ${verdict.through}; the targets count today as well.`,
  );
  expect(said).toMatch(/expectancy over \$0.10 \$3.00 met/);
});
