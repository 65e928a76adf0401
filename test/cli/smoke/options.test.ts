import { expect, test } from 'vitest';
import { readOptions } from '../../../cli/smoke/options.ts';

test('a stack is all that is needed, and nothing is mailed or asked of the Data API unless it is said', () => {
  expect(readOptions(['--stack', 'service'])).toEqual({
    stack: 'service',
    region: undefined,
    mail: false,
    dataApi: null,
  });
});

test('everything can be said', () => {
  const args = ['--stack=service', '--region=eu-west-1', '--mail', '--data-api', '--master-secret=arn'];
  expect(readOptions(args)).toEqual({
    stack: 'service',
    region: 'eu-west-1',
    mail: true,
    dataApi: { masterSecret: 'arn' },
  });
});

test.each([
  [[], '--stack is missing'],
  [['--stack', 'service', '--data-api'], '--data-api and --master-secret go together'],
  [['--stack', 'service', '--master-secret', 'arn'], '--data-api and --master-secret go together'],
  [['--stack', 'service', '--all'], "Unknown option '--all'"],
  [['service'], "Unexpected argument 'service'"],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
