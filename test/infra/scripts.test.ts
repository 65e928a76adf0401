import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { strategy } from '../cli/strategy.ts';

const page = readFileSync(new URL('../../docs/contributing.md', import.meta.url), 'utf8');

test('docs/contributing.md has a line for every script', () => {
  const [, table = ''] = page.split('| Script | |') ?? [];
  for (const name of Object.keys(packageJson.scripts)) expect(table).toMatch(new RegExp(`npm (run )?${name}\\b`));
});

describe.concurrent('each of our scripts has a --help text:', () => {
  const ours = Object.entries(packageJson.scripts).filter(([, command]) => command.startsWith('node '));
  test('there are more than a dozen', () => expect(ours.length).toBeGreaterThan(12));

  test.each(ours)('%s', async (name, command) => {
    const [, ...args] = command.split(' ');
    const [file, ...rest] = args;
    const { stdout, stderr } =
      file === 'cli/main.ts'
        ? await strategy([...rest, '--help'])
        : await promisify(execFile)(process.execPath, [...args, '--help']);
    expect(stderr).toBe('');
    const usage = name === 'strategy' ? 'strategy <command>' : `strategy ${name}`;
    const expected = file === 'cli/main.ts' ? `\nUsage: ${usage} ` : `^npm (run )?${name}\\b`;
    expect(stdout).toMatch(new RegExp(expected));
  });
});
