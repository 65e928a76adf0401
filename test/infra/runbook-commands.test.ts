import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commands } from '../../cli/commands.ts';
import { awsTools } from '../support/python-tools.ts';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'docs/*.md', 'cli/*.ts'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n');
// In code, a command ends with its string.
const texts = files.map((file) => readFileSync(file, 'utf8').replaceAll(file.endsWith('.ts') ? /['"]/g : /$^/g, '`'));

/** Options of the AWS CLI itself, version 2. */
const GLOBAL = ['query', 'region', 'output', 'cli-binary-format'];

/** Commands of the CLI that no service model has, each with its options. */
const CUSTOM: Readonly<Record<string, readonly string[]>> = { 'logs tail': ['since', 'follow'] };

interface AwsCommand {
  readonly name: string;
  readonly options: readonly string[];
}

/** What pages and commands tell a person to run: within backticks, or until the end of the line or a semicolon. */
const awsCommands: readonly AwsCommand[] = texts.flatMap((text) =>
  [...text.matchAll(/\baws ([a-z][a-z0-9-]+) ([a-z]+(?:-[a-z]+)+|tail|invoke)\b([^`;)]*)/g)].map(
    ([, service = '', operation = '', rest = '']) => ({
      name: `${service} ${operation}`,
      options: [...rest.matchAll(/(?<=\s)--([a-z-]+)/g)].map(([, option = '']) => option),
    }),
  ),
);

test('commands of the AWS CLI are found', () => {
  expect(awsCommands.length).toBeGreaterThan(15);
  expect(new Set(awsCommands.map(({ name }) => name)).size).toBeGreaterThan(10);
});

test('a function is invoked asynchronously, with its payload as text', () => {
  const invocations = awsCommands.filter(({ name }) => name === 'lambda invoke');
  expect(invocations.length).toBeGreaterThan(0);
  for (const { options } of invocations) {
    expect(options).toContain('invocation-type');
    if (options.includes('payload')) expect(options).toContain('cli-binary-format');
  }
});

test('commands of the CLI that have no model have known options', () => {
  for (const { name, options } of awsCommands.filter((each) => each.name in CUSTOM))
    expect(CUSTOM[name]).toEqual(expect.arrayContaining([...options]));
});

test('each strategy command that pages name exists, with its options', async () => {
  const named = texts.flatMap((text) => [
    ...text.matchAll(/(?:npx --no strategy|npm run strategy --) ([a-z-]+)([^`\n]*)/g),
  ]);
  expect(named.length).toBeGreaterThan(10);
  for (const [whole, name = '', rest = ''] of named) {
    const load = commands[name];
    expect(load, whole).toBeDefined();
    const { options, common = {} } = (await load?.()) ?? { options: {} };
    for (const [, option = ''] of rest.matchAll(/\s--([a-z-]+)/g))
      expect({ ...options, ...common, help: true }, whole).toHaveProperty(option);
  }
});

describe.skipIf(!awsTools.python)(
  `the commands of the AWS CLI${awsTools.python ? '' : ' (skipped: npm run python-tools has not been run)'}`,
  () => {
    const problemsOf = (given: readonly AwsCommand[]): string[] =>
      execFileSync(String(awsTools.python), [fileURLToPath(new URL('aws-commands.py', import.meta.url))], {
        encoding: 'utf8',
        input: JSON.stringify(
          given
            .filter(({ name }) => !(name in CUSTOM))
            .map(({ name, options }) => [...name.split(' '), options.filter((option) => !GLOBAL.includes(option))]),
        ),
      })
        .split('\n')
        .filter(Boolean);

    test('have the operations and options of the service models, and all that is required', () => {
      expect(problemsOf(awsCommands)).toEqual([]);
    });

    test('would be found wrong', () => {
      expect(
        problemsOf([
          { name: 'sqs purge-queue', options: ['queue'] },
          { name: 'rds restore-cluster', options: [] },
        ]),
      ).toEqual([
        'aws sqs purge-queue: there is no option --queue',
        'aws sqs purge-queue: --queue-url is missing',
        'aws rds restore-cluster: there is no such operation',
      ]);
    });
  },
);
