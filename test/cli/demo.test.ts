import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type DemoProcess, startDemo, startInitialisedDemo } from './demo/demo-process.ts';

/** Time in which a failing demo must end, in ms, on a machine that is busy with other tests. */
const SOON = 45_000;

async function takenPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return String((server.address() as AddressInfo).port);
}

/** Expects that the last line is the cause and that no file is left. */
async function expectEnd(demo: DemoProcess, { code, cause }: { code: number; cause: string }): Promise<void> {
  const from = performance.now();
  expect(await demo.ended, demo.output()).toBe(code);
  expect(performance.now() - from).toBeLessThan(SOON);
  expect(demo.output().trimEnd().split('\n').at(-1)).toBe(cause);
  expect(await demo.leftovers()).toEqual([]);
}

test('the demo prints the figures of the documentation and runs until Ctrl-C', async () => {
  const demo = await startDemo([]);
  await demo.printed('Stop with Ctrl-C.');
  const figures = [
    /Trades +210 +78\n/,
    /Win rate +13\.3 % +29\.5 %\n/,
    /P&L +\$5\.18 +\$18\.45\n/,
    /Profit factor +1\.19 +2\.15\n/,
    /Expectancy +\$0\.02 +\$0\.24\n/,
    /Targets: every target met\n/,
    /\nVerdict: Not enough evidence, and waiting will not help: with so few days of the old settings, a difference under \$0\.56 per trade cannot show\. .* Next: start an alternating test \(strategy experiment start\): about \d+ days\./,
    /\nThe same question as an alternating test, of 12 pairs .*:\nVerdict: Keep the new settings: /,
  ];
  for (const figure of figures) expect(demo.output()).toMatch(figure);
  demo.kill('SIGINT');
  await expectEnd(demo, { code: 0, cause: 'Stop with Ctrl-C.' });
});

describe('a demo that cannot continue prints the cause and ends soon:', () => {
  test('the database is killed while the trades are played', async () => {
    const demo = await startInitialisedDemo(['--once']);
    await demo.printed('Playing');
    const [database] = demo.childrenOf('rds-data-local');
    process.kill(database!, 'SIGKILL');
    await expectEnd(demo, { code: 1, cause: 'The service refused (503): the database service does not answer' });
  });

  test('the database is killed while it starts', async () => {
    const demo = await startDemo(['--once']);
    await demo.printed('starting the database');
    await expect.poll(() => demo.childrenOf('rds-data-local'), { interval: 20 }).toHaveLength(1);
    process.kill(demo.childrenOf('rds-data-local')[0]!, 'SIGKILL');
    await expectEnd(demo, { code: 1, cause: 'the local database stopped before it was ready' });
  });

  test('the migrator is killed', async () => {
    const demo = await startInitialisedDemo(['--once']);
    await demo.printed('applying migrations');
    await expect.poll(() => demo.childrenOf('local/migrate.ts'), { interval: 20 }).toHaveLength(1);
    process.kill(demo.childrenOf('local/migrate.ts')[0]!, 'SIGKILL');
    await expectEnd(demo, { code: 1, cause: 'the migrations failed: their process ended with SIGKILL' });
  });

  test('a schedule answers 500', async () => {
    const faults = fileURLToPath(new URL('demo/failing-schedule.mjs', import.meta.url));
    const demo = await startInitialisedDemo(['--once'], faults);
    await demo.printed('Playing');
    await expectEnd(demo, { code: 1, cause: 'daily-summary failed: the summary could not be computed' });
  });

  test.each(['PORT', 'INBOX_PORT'])('%s is in use: nothing is started', async (name) => {
    const port = await takenPort();
    const demo = await startDemo(['--once'], { [name]: port });
    const cause = `port ${port} is taken: stop what listens there, or set ${name} to another port`;
    await expectEnd(demo, { code: 1, cause });
    expect(demo.output()).toBe(`${cause}\n`);
  });

  test('both ports are the same', async () => {
    const demo = await startDemo(['--once'], { PORT: '3999', INBOX_PORT: '3999' });
    const cause = 'PORT and INBOX_PORT are both 3999: set one of them to another port';
    await expectEnd(demo, { code: 1, cause });
  });

  test('the directory for temporary files cannot be written', async () => {
    const demo = await startDemo(['--once'], { TMPDIR: '/dev/null' });
    expect(await demo.ended).toBe(1);
    expect(demo.output()).toMatch(/^ENOTDIR: .*\n$/);
  });
});

test('when the reader of its output ends, everything is stopped', async () => {
  const demo = await startInitialisedDemo([]);
  await demo.printed('applying migrations');
  demo.closeOutput();
  expect(await demo.ended).not.toBe(0);
  expect(await demo.leftovers()).toEqual([]);
});

test.each([
  ['starting the database', startDemo],
  ['Playing', startInitialisedDemo],
])('Ctrl-C at "%s" stops everything', async (step, start) => {
  const demo = await start(['--once']);
  await demo.printed(step);
  demo.kill('SIGINT');
  await expectEnd(demo, { code: 130, cause: 'Interrupted.' });
});
