import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../cli/command-line.ts';
import { commands, groups } from '../../cli/commands.ts';
import { UsageError } from '../../cli/failure.ts';
import { strategy } from './strategy.ts';

const names = Object.keys(commands);

/** The options of a command, as it receives them. */
async function optionsOf(...line: string[]) {
  const read = await readCommandLine(line, 80);
  if (typeof read === 'string') throw new Error(`the help: ${read}`);
  return { ...read.args, location: read.location };
}

describe('the help', () => {
  test('lists every command once, in its group, and explains once how to call it', async () => {
    const { code, stdout } = await strategy(['--help']);
    expect(code).toBe(0);
    for (const title of Object.keys(groups)) expect(stdout).toContain(`\n${title}:\n`);
    for (const name of names) expect(stdout.match(new RegExp(`^  ${name} +[A-Z]`, 'gm'))).toHaveLength(1);
    expect(stdout.match(/npx --no strategy/g)).toHaveLength(1);
    expect((await strategy([])).stdout).toBe(stdout);
  });

  test.each(names)('of %s shows its usage and options within 80 columns', async (name) => {
    const { code, stdout } = await strategy([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[A-Z].*\n\nUsage: strategy /);
    const { options, common = {} } = await commands[name]!();
    for (const option of Object.keys({ ...options, ...common }))
      expect(stdout).toMatch(new RegExp(`^  --${option} .*[A-Za-z]`, 'm'));
    expect(stdout.split('\n').filter((line) => line.length > 80 && !line.startsWith('  strategy '))).toEqual([]);
    expect(stdout).toContain('Exit codes: 0 success, 1 failure or refusal, 2 usage error');
  });

  test('shows examples that the parser accepts', async () => {
    for (const [name, load] of Object.entries(commands)) {
      for (const example of Object.keys((await load()).examples ?? {})) {
        const args = example.match(/"[^"]*"|\S+/g) ?? [];
        await expect(readCommandLine([name, ...args], 80), example).resolves.toMatchObject({});
      }
    }
  });
});

/** Every file and package that a file loads before it runs: its imports, except dynamic and type-only ones. */
function loadedBy(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  if (!file.startsWith('/')) return loaded;
  const text = readFileSync(file, 'utf8').replaceAll(/^import type [^;]+;/gm, '');
  for (const [, specifier = ''] of text.matchAll(/^(?:import|\} from|export .* from) .*?'([^']+)'/gm))
    loadedBy(specifier.startsWith('.') ? resolve(dirname(file), specifier) : specifier, loaded);
  return loaded;
}

test.each(names)('%s starts without the database, CDK and the AWS SDK, which it loads when it needs them', (name) => {
  const loaded = [...loadedBy(resolve('cli/main.ts')), ...loadedBy(resolve(`cli/commands/${name}.ts`))];
  expect(loaded).toContain(resolve('cli/command-line.ts'));
  expect(loaded).toContain('zod');
  const elsewhere = ['local/', 'infra/stacks/', 'infra/constructs/', 'packages/'].map(
    (folder) => `${resolve(folder)}/`,
  );
  expect(
    loaded.filter((each) => /pglite|@aws|fastify/.test(each) || elsewhere.some((folder) => each.startsWith(folder))),
  ).toEqual([]);
});

describe('options are passed on', () => {
  test('of report', async () => {
    expect(await optionsOf('report')).toMatchObject({
      options: { date: undefined, kind: 'daily', format: undefined, open: false, resend: false },
      location: {},
    });
    const line = ['--kind=weekly', '--date=2026-11-22', '--bot=a b', '--format=json', '--stage=dev', '--region=x'];
    expect(await optionsOf('report', ...line)).toMatchObject({
      bot_id: 'a b',
      options: { date: '2026-11-22', kind: 'weekly', format: 'json' },
      location: { stack: 'strategy-snapshots-dev-service', region: 'x' },
    });
  });

  test('of smoke: by default nothing is mailed and the Data API is not checked', async () => {
    expect(await optionsOf('smoke', '--stack', 'service')).toMatchObject({
      options: { mail: false, 'data-api': false, 'master-secret': undefined },
      location: { stack: 'service', region: undefined },
    });
    const line = ['--stack=service', '--region=eu-west-1', '--mail', '--data-api', '--master-secret=arn'];
    expect(await optionsOf('smoke', ...line)).toMatchObject({
      options: { mail: true, 'data-api': true, 'master-secret': 'arn' },
      location: { stack: 'service', region: 'eu-west-1' },
    });
  });

  test('of import, with every file', async () => {
    expect(await optionsOf('import', '--yes', 'a.csv', 'b.csv', 'c.csv')).toMatchObject({
      operands: ['a.csv', 'b.csv', 'c.csv'],
      options: { yes: true, 'time-zone': 'UTC', 'assume-holdings': false, format: undefined },
    });
  });
});

describe.concurrent('a usage error ends with 2, prints nothing else and names what is wrong:', () => {
  test.each([
    [['report', '--date', '2026-02-30'], '--date must be a day'],
    [['report', '--kind', 'monthly'], '--kind must be daily or weekly'],
    [['report', '--format', 'pdf'], '--format must be text, html or json'],
    [['report', '--resend'], '--resend needs --date'],
    [['report', '--resend', '--date', '2026-11-22', '--bot', 'a'], '--resend mails the whole report'],
    [['report', '--open', '--json'], '--open cannot be combined with --format or --json'],
    [['report', '--url', 'here'], '--url must be an address'],
    [['report', '--url', 'http://127.0.0.1:1', '--stage', 'dev'], '--stage cannot be combined with --url'],
    [['report', '--region', 'eu-west-1'], '--region needs --stage or --stack'],
    [['report', '--all'], "Unknown option '--all'"],
    [['smoke'], '--stage or --stack is missing'],
    [['smoke', '--stack', 'service', '--data-api'], '--data-api and --master-secret must be used together'],
    [['smoke', '--stack', 'service', '--master-secret', 'arn'], '--data-api and --master-secret must be used together'],
    [['smoke', 'service'], 'unexpected operand: service'],
    [['export'], 'missing operand: <file>'],
    [['restore', 'a', 'b'], 'unexpected operand: b'],
    [['start', 'now'], 'unexpected operand: now'],
    [['demo', '--twice'], "Unknown option '--twice'"],
    [['toString'], 'unknown command toString'],
  ])('%j', async (line, message) => {
    const { code, stdout, stderr } = await strategy(line);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\nstrategy (\w+ --help shows the usage|help lists the commands)\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('every wrong option is named', async () => {
    const read = readCommandLine(['report', '--kind', 'monthly', '--format', 'pdf', '--region', 'x'], 80);
    await expect(read).rejects.toThrow(UsageError);
    await expect(read).rejects.toThrow(/^--kind .*\n--format .*\n--region .*$/);
  });
});
