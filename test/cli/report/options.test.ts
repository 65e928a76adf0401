import { expect, test } from 'vitest';
import { readOptions } from '../../../cli/report/options.ts';
import { pathOf } from '../../../cli/report/reports.ts';

const asked = (...args: string[]) => {
  const options = readOptions(args);
  if (options === null) throw new Error('it asks for help');
  return options;
};

test('nothing need be said: the last daily report, as text', () => {
  expect(asked()).toEqual({ kind: 'daily', resend: false, place: {} });
  expect(pathOf(asked())).toBe('/report?kind=daily&format=text');
});

test('everything can be said', () => {
  const options = asked(
    '--kind=weekly',
    '--date=2026-11-22',
    '--bot=a b',
    '--format=json',
    '--stage=dev',
    '--region=x',
  );
  expect(options).toMatchObject({ place: { stack: 'strategy-snapshots-dev-service', region: 'x' } });
  expect(pathOf(options)).toBe('/report?kind=weekly&format=json&date=2026-11-22&bot_id=a+b');
});

test('help is no question', () => {
  expect(readOptions(['--help'])).toBeNull();
});

test.each([
  [['--date', '2026-02-30'], '--date must be a day'],
  [['--kind', 'monthly'], '--kind must be daily or weekly'],
  [['--format', 'pdf'], '--format must be text, html or json'],
  [['--resend'], '--date is missing'],
  [['--resend', '--date', '2026-11-22', '--bot', 'a'], '--resend sends the whole mail'],
  [['--url', 'here'], '--url must be an address'],
  [['--url', 'http://127.0.0.1:1', '--stage', 'dev'], '--stage goes without --url'],
  [['--region', 'eu-west-1'], '--region goes with --stage'],
  [['--all'], "Unknown option '--all'"],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
