import { openPostgresServer } from '@strategy-snapshots/rds-data-local';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Drill, runRestoreDrill } from '../../../cli/restore-drill/drill.ts';
import { startService } from '../../../local/service.ts';
import { localSettings } from '../../../local/settings.ts';
import { dataApiOver } from '../../support/data-api.ts';
import { startPostgresServer } from '../../support/postgres-server.ts';
import { STACK } from '../smoke/aws.ts';
import { awsAt, credentials } from '../smoke/run.ts';
import { strategyProcess } from '../strategy.ts';
import { startRds } from './rds.ts';

let rds: Awaited<ReturnType<typeof startRds>>;
let server: string;
/** Statements that run in the copy, as if the backup had been so. */
let damage = '';
const running: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const postgres = await startPostgresServer();
  running.push(postgres.stop);
  server = postgres.url;
  await playADay();
  await sql('CREATE DATABASE backup TEMPLATE postgres');
  rds = await startRds({ live: await dataApiOf('postgres'), restore });
  running.push(rds.close);
  Object.assign(process.env, environment());
});

afterAll(async () => {
  for (const name of Object.keys(environment())) delete process.env[name];
  for (const stop of running.toReversed()) await stop();
});

beforeEach(() => {
  damage = '';
  rds.becomes({});
});

const environment = () => ({ ...awsAt(rds.url), ...credentials, AWS_ENDPOINT_URL_RDS: `${rds.url}/rds` });

/** A snapshot and two trades of yesterday, and their summary, in the live database. */
async function playADay(): Promise<void> {
  const settings = localSettings({ DATABASE_URL: server, PORT: '0', INBOX_PORT: '0', LOG_LEVEL: 'SILENT' });
  const service = await startService(settings, () => undefined);
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${service.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.ok, await response.text()).toBe(true);
  };
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await post('/snapshots', { config: { a: 1 }, active_from: `${day}T00:00:00Z` });
  const leg = (side: string, price: string, hour: string) => ({
    ...{ fill_id: `${side}-${hour}`, order_id: `${side}-${hour}`, symbol: 'BTC-USD', side, price, size: '1' },
    ...{ fee_usd: '0.25', filled_at: `${day}T${hour}:00:00Z` },
  });
  await post('/fills', [
    ...[leg('buy', '100', '01'), leg('sell', '107.5', '02')],
    ...[leg('buy', '100', '03'), leg('sell', '99', '04')],
  ]);
  await post('/summaries', { from: day });
  await service.stop();
}

let copies = 0;
/** A database of its own, as the backup has it. @returns its Data API */
async function restore(): Promise<string> {
  copies += 1;
  const name = `copy_${copies}`;
  await sql(`CREATE DATABASE ${name} TEMPLATE backup`);
  if (damage) await sql(damage, name);
  return dataApiOf(name);
}

async function dataApiOf(database: string): Promise<string> {
  const engine = await openPostgresServer(new URL(`/${database}`, server).href);
  const api = await dataApiOver(engine);
  running.push(engine.close, api.close);
  return api.url;
}

async function sql(text: string, database = 'template1'): Promise<void> {
  const client = new Client(new URL(`/${database}`, server).href);
  await client.connect();
  await client.query(text).finally(() => client.end());
}

async function drill(changes: Partial<Drill> = {}) {
  const lines: string[] = [];
  const { signal } = new AbortController();
  const run = { stack: STACK, region: undefined, at: null, keep: false, signal, pollMs: 1, ...changes };
  const failures = await runRestoreDrill(run, (line) => lines.push(line));
  const marked = (mark: string) => lines.flatMap((line) => (line.startsWith(mark) ? [line.slice(2)] : []));
  return { failures, passed: marked('✓'), failed: marked('✗'), skipped: marked('–'), text: lines.join('\n') };
}

describe('a restore drill', () => {
  test('restores the backups into a copy, finds the same in it, and deletes it', async () => {
    const { failures, passed, failed } = await drill();
    expect(failed).toEqual([]);
    expect(passed).toEqual([
      expect.stringMatching(/^the live database answers: 4 fills, the newest of .+ 04:00:00/),
      'its backups reach this moment',
      'the copy is restored and answers',
      expect.stringMatching(/^rows, sums and newest rows can be read: 4 fills/),
      'they are those of the live database',
      expect.stringMatching(/^a summarised day is found: \d{4}-/),
      expect.stringMatching(/^the summary of default on .+ is computed again, and equal$/),
    ]);
    expect(failures).toBe(0);
    expect(rds.changes().map(({ action }) => action)).toEqual([
      'RestoreDBClusterToPointInTime',
      'CreateDBInstance',
      'ModifyDBCluster',
      'EnableHttpEndpoint',
      'DeleteDBInstance',
      'DeleteDBCluster',
    ]);
    expect(Object.fromEntries(rds.changes()[0]?.asked ?? [])).toMatchObject({
      RestoreType: 'full-copy',
      UseLatestRestorableTime: 'true',
      DBSubnetGroupName: 'isolated',
      'VpcSecurityGroupIds.VpcSecurityGroupId.1': 'sg-1',
      'ServerlessV2ScalingConfiguration.MinCapacity': '0',
    });
    expect(rds.clusters.size).toBe(0);
  });

  test.for([
    ['a fill is missing', "DELETE FROM fills WHERE fill_id = 'sell-04'", /rows of fills: 3, live 4/],
    ['a price differs', "UPDATE fills SET price = 101 WHERE fill_id = 'buy-03'", /traded volume: 407.5, live 406.5/],
    [
      'a summary is not what its trades give',
      'UPDATE strategy_performance_summary SET winning_trades = 2, winning_pnl_usd = 14',
      /^the summary of default on .+ computed again, and equal: the summary of default/,
    ],
    ['a table is missing', 'ALTER TABLE outboxes RENAME TO others', /rows of outboxes: none, live 0/],
  ] as const)('fails when %s, and deletes the copy', async ([_, statement, reason]) => {
    damage = statement;
    const { failures, failed } = await drill();
    expect(failed).toEqual([expect.stringMatching(reason)]);
    expect(failures).toBe(1);
    expect(rds.clusters.size).toBe(0);
  });

  test('to an earlier time compares nothing with the live database, and says so', async () => {
    damage = "DELETE FROM fills WHERE fill_id = 'sell-04'";
    const at = new Date('2026-11-22T08:00:00Z');
    const { skipped } = await drill({ at });
    expect(skipped).toEqual(['they are those of the live database: skipped, it has gone on since then (--at)']);
    expect(rds.changes()[0]?.asked.get('RestoreToTime')).toBe('2026-11-22T08:00:00Z');
    expect(rds.changes()[0]?.asked.has('UseLatestRestorableTime')).toBe(false);
  });

  test('can keep the copy, protected, with the settings that point the stage at it', async () => {
    const { text, failures } = await drill({ keep: true });
    expect(failures).toBe(0);
    const [[name, cluster] = []] = rds.clusters;
    expect(cluster).toMatchObject({ status: 'available', httpEndpoint: true, protected: true });
    expect(text).toContain(`"database_arn": "arn:aws:rds:us-east-1:000000000000:cluster:${name}"`);
    expect(text).toMatch(/"master_secret_arn": "arn:aws:secretsmanager:\S+:secret:rds!\S+-AbCdEf"/);
  });

  test('deletes the copy when it could not be completed, and when it is busy at first', async () => {
    rds.becomes({ fails: 'EnableHttpEndpoint', busyOnce: true });
    const { failed } = await drill();
    expect(failed).toEqual(['the copy is restored and answers: you may not EnableHttpEndpoint']);
    expect(rds.clusters.size).toBe(0);
  });

  test('names what is left when it cannot delete the copy', async () => {
    rds.becomes({ forbidsDeletion: true });
    await expect(drill()).rejects.toThrow(
      /The copy (\S+) is left and costs money: you may not delete\nDelete it yourself: aws rds delete-db-instance --db-instance-identifier \1-writer .*--db-cluster-identifier \1 /,
    );
  });
});

describe('strategy restore-drill', () => {
  test('deletes the copy when it is interrupted', async () => {
    rds.becomes({ takes: 0 });
    damage = 'SELECT 1';
    const { code, stdout, stderr } = await strategyProcess(['restore-drill', '--stack', STACK], environment(), {
      onOutput: (text, child) => {
        if (text.includes('The copy is the cluster')) child.kill('SIGINT');
      },
    });
    expect(stdout).toContain('The copy is deleted.');
    expect(stderr).toBe('Interrupted.\n');
    expect(code).toBe(130);
    expect(rds.clusters.size).toBe(0);
  });

  test('names what is missing or wrong', async () => {
    const { code, stderr } = await strategyProcess(['restore-drill']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        '--stage or --stack is missing: which database to restore\nstrategy restore-drill --help shows the usage\n',
    });
    const wrong = await strategyProcess(['restore-drill', '--stage', 'dev', '--at', 'yesterday']);
    expect(wrong.stderr).toContain('--at must be a time with an offset such as 2026-11-22T08:00:00Z');
  });
});
