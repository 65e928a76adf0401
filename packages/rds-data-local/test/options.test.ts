import { expect, test } from 'vitest';
import { banner } from '../src/command/banner.ts';
import { HELP, readOptions } from '../src/command/options.ts';

const local = 'arn:aws:secretsmanager:us-east-1:000000000000:secret';

test('without options it runs PGlite in memory with one secret and no fault', () => {
  expect(readOptions([])).toEqual({
    engine: { dataDir: undefined, extensions: [] },
    cluster: {
      resourceArn: 'arn:aws:rds:us-east-1:000000000000:cluster:local',
      database: 'postgres',
      secrets: [{ arn: `${local}:rds-data-local`, username: 'postgres' }],
    },
    port: 8010,
    faults: [],
    faultRoutes: false,
  });
});

test('every setting has an option', () => {
  const options = readOptions([
    ...['--port=0', '--data-dir=data', '--extension=btree_gist', '--extension=citext', '--database=shop'],
    ...['--resource-arn=arn:aws:rds:eu-west-1:123456789012:cluster:shop', '--fault-routes'],
    ...['--secret', 'shop/app=app:a=b:c', '--secret', `${local}:shop/owner-AbCdEf=postgres`],
    ...['--fault', 'DatabaseResumingException,for_seconds=15', '--fault', '{"name":"ThrottlingException","times":3}'],
  ]);
  expect(options).toMatchObject({
    engine: { dataDir: 'data', extensions: ['btree_gist', 'citext'] },
    cluster: {
      resourceArn: 'arn:aws:rds:eu-west-1:123456789012:cluster:shop',
      database: 'shop',
      secrets: [
        { arn: `${local}:shop/app`, username: 'app', password: 'a=b:c' },
        { arn: `${local}:shop/owner-AbCdEf`, username: 'postgres' },
      ],
    },
    port: 0,
    faults: [
      { name: 'DatabaseResumingException', for_seconds: 15 },
      { name: 'ThrottlingException', times: 3 },
    ],
    faultRoutes: true,
  });
});

test.each([
  ['postgres://me:p%40ss@localhost:5432/shop', {}, 'shop', { username: 'me', password: 'p@ss' }],
  ['postgresql://me@localhost', { PGPASSWORD: 'from outside' }, 'me', { username: 'me', password: 'from outside' }],
  ['postgres://localhost/shop', {}, 'shop', { username: 'postgres' }],
])('the default secret logs in as the user of the URL: %s', (url, environment, database, login) => {
  const options = readOptions(['--database-url', url], environment);
  expect(options).toMatchObject({ engine: { databaseUrl: url }, cluster: { database, secrets: [login] } });
});

test.each([
  [['--port', '70000'], '--port 70000 must be a number from 0 to 65535'],
  [['--port', ''], '--port  must be a number'],
  [['--secret', 'app'], '--secret app must be <name or ARN>=<role>[:<password>]'],
  [['--database-url', 'mysql://localhost/shop'], '--database-url must be postgres://'],
  [['--database-url', 'postgres://localhost/shop', '--data-dir', 'data'], 'cannot be combined with --database-url'],
  [['--fault', 'Sleepy'], '--fault Sleepy: name Invalid option'],
  [['--fault', 'ThrottlingException,times=many'], 'times Invalid input'],
  [['--docker'], "Unknown option '--docker'"],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

test('the help names every option, and the output never shows a password', () => {
  expect(readOptions(['--help'])).toBeNull();
  const options = readOptions(['--database-url', 'postgres://me:secret@localhost:5432/shop', '--fault-routes']);
  const text = options ? banner(options, 'http://127.0.0.1:8010') : '';
  expect(text).toContain('export AWS_ENDPOINT_URL_RDS_DATA=http://127.0.0.1:8010\n');
  expect(text).toContain('export AWS_ENDPOINT_URL_SECRETS_MANAGER=http://127.0.0.1:8010\n');
  expect(text).toContain('database     shop\n');
  expect(text + HELP).not.toMatch(/secret@|undefined/);
});
