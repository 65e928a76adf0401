import { expect, test } from 'vitest';
import { readOptions } from '../../../infra/report/options.ts';
import { bodyOf, pathOf } from '../../../infra/report/reports.ts';

const asked = (...args: string[]) => {
  const options = readOptions(args);
  if (options === null) throw new Error('it asks for help');
  return options;
};

test('nothing need be said: the last daily report, as text', () => {
  expect(asked()).toEqual({ kind: 'daily', resend: false });
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
  expect(options).toMatchObject({ stage: 'dev', region: 'x' });
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

test('what the service refuses is said once, in its own words', async () => {
  const message = 'must not lie in the future';
  const problem = { title: 'Bad Request', detail: `date: ${message}`, errors: [{ path: 'date', message }] };
  await expect(bodyOf(Response.json(problem, { status: 400 }))).rejects.toThrow(/^date: must not lie in the future$/);
  await expect(bodyOf(Response.json({ message: 'Forbidden' }, { status: 403 }))).rejects.toThrow(/^Forbidden$/);
  await expect(bodyOf(new Response('<html>', { status: 502 }))).rejects.toThrow('answered 502');
});
