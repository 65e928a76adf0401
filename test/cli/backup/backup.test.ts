import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { exportTo } from '../../../cli/backup/export.ts';
import { restoreFrom } from '../../../cli/backup/restore.ts';
import { names } from '../../../cli/backup/tables.ts';
import type { Connection } from '../../../functions/database/data-api.ts';
import { dataApi } from '../../../functions/database/data-api.ts';
import { sql } from '../../../functions/database/sql.ts';
import { configHash } from '../../../functions/snapshots/config-hash.ts';
import { MASTER_SECRET_ARN, RESOURCE_ARN } from '../../../local/arns.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { dataApiOver } from '../../support/data-api.ts';
import { migratedDatabase } from '../../support/database.ts';
import { startService } from '../../support/service.ts';

const service = await startService();
const target = { resourceArn: RESOURCE_ARN, secretArn: MASTER_SECRET_ARN, database: 'postgres' };
const directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-backup-'));
const file = (name: string) => join(directory, name);
const source: Connection = { client: new RDSDataClient({}), target };
const onRows = () => {};
const exported = async (connection: Connection, name: string) => {
  const rows = await exportTo(connection, file(name), { exportedAt: '2026-11-22T00:00:00Z', onRows });
  return { rows, lines: (await readFile(file(name), 'utf8')).split('\n') };
};

/** An empty, migrated database of this release. */
async function emptyDatabase(): Promise<Connection> {
  const engine = await migratedDatabase();
  const dataApi = await dataApiOver(engine);
  const client = new RDSDataClient({ endpoint: dataApi.url });
  afterAll(async () => {
    client.destroy();
    await dataApi.close();
    await engine.close();
  });
  return { client, target };
}

/** An edited export with the digest of its lines. */
function resealed(text: string): string {
  const lines = text.trimEnd().split('\n');
  const foot = JSON.parse(lines.pop() ?? '');
  const sha256 = createHash('sha256')
    .update(
      lines
        .slice(1)
        .map((line) => `${line}\n`)
        .join(''),
    )
    .digest('hex');
  return [...lines, JSON.stringify({ ...foot, sha256 }), ''].join('\n');
}

test('an export is a new file of its owner, wherever a link was planted', async () => {
  await writeFile(file('elsewhere'), 'kept');
  await symlink(file('elsewhere'), file('planted.partial'));
  await exported(source, 'planted');
  expect(await readFile(file('elsewhere'), 'utf8')).toBe('kept');
  const written = await lstat(file('planted'));
  expect([written.isFile(), written.mode & 0o777]).toEqual([true, 0o600]);
});

const ownerOf = ({ client, target }: Connection) => dataApi(client, target, AbortSignal.timeout(10_000));

afterAll(() => rm(directory, { recursive: true, force: true }));

beforeAll(async () => {
  const post = async (route: string, body: unknown) => {
    const { status } = await service.call(route, { body });
    expect([200, 201]).toContain(status);
  };
  const hostile = { 'quote"s': '"'.repeat(20_000), 'back\\slash': ['\u2028', '😀', '\u0001'], nested: { n: 1e-7 } };
  await post('POST /snapshots', {
    config: { rsi: 2.5 },
    active_from: '2026-03-01T00:00:00.123456Z',
    notes: 'a\nb\t"c"',
  });
  await post('POST /snapshots', { config: hostile, active_from: '2026-03-02T00:00:00Z' });
  await post('POST /snapshots/rollback', {});
  await post(
    'POST /fills',
    Array.from({ length: 700 }, (_, i) => ({
      fill_id: `f${i}`,
      order_id: `o${i}`,
      symbol: `S${i % 7}-USD`,
      side: i % 3 === 0 ? 'sell' : 'buy',
      price: '1234567890.12345678901234567890',
      size: '0.00000000000000000001',
      fee_usd: '0.1',
      filled_at: new Date(Date.UTC(2026, 2, 2) + i * 60_000).toISOString(),
    })),
  );
  await post('POST /fills/corrections', { fill_id: 'f3', reason: 'busted', void: true });
  await post('POST /trade-links', { order_id: 'o1', settings: { rsi: 9 }, indicator_breakdown: { rsi: 1.5 } });
  await post('POST /summaries', { from: '2026-03-01', to: '2026-03-03' });
});

describe('an export', () => {
  test('can be restored into an empty database, whose own export is the same', async () => {
    const { rows, lines } = await exported(source, 'first.jsonl');
    const tables = new Set(lines.flatMap((line) => /^\{"table":"(\w+)"/.exec(line)?.[1] ?? []));
    for (const table of [
      'strategy_snapshots',
      'fills',
      'trades',
      'fill_corrections',
      'trade_strategy_link',
      'summary_runs',
    ])
      expect(tables).toContain(table);
    expect(rows).toBeGreaterThan(1500);

    const other = await emptyDatabase();
    expect(await restoreFrom(other, file('first.jsonl'), onRows)).toBe(rows);
    expect((await exported(other, 'second.jsonl')).lines).toEqual(lines);
  });

  test.each([
    ['summary_runs', 'run_id'],
    ['fill_corrections', 'correction_id'],
    ['trade_strategy_link', 'link_id'],
  ])('is continued by new ids of %s after a restore', async (table, id) => {
    const other = await emptyDatabase();
    await restoreFrom(other, file('first.jsonl'), onRows);
    const { next, last } = await ownerOf(other).one(
      z.object({ next: z.int(), last: z.int() }),
      sql`SELECT nextval(pg_get_serial_sequence(${table}, ${id})) AS next, max(${names([id])}) AS last FROM ${names([table])}`,
    );
    expect(next).toBe(last + 1);
  });

  test('is a consistent state of the database, even during concurrent writes', async () => {
    const writing = Array.from({ length: 5 }, (_, i) =>
      service.call('POST /fills', {
        body: {
          fill_id: `late${i}`,
          order_id: `late${i}`,
          symbol: 'S1-USD',
          side: 'sell',
          price: '1',
          size: '1',
          filled_at: '2026-03-03T00:00:00Z',
        },
      }),
    );
    const { lines } = await exported(source, 'meanwhile.jsonl');
    await Promise.all(writing);
    const ids = (table: string, id: string) =>
      lines.flatMap((line) => (line.startsWith(`{"table":"${table}"`) ? [JSON.parse(line).row[id]] : [])).sort();
    expect([...new Set(ids('fills', 'order_id'))]).toEqual(ids('orders', 'order_id'));
    await restoreFrom(await emptyDatabase(), file('meanwhile.jsonl'), onRows);
  });

  test('restores nothing if it is truncated', async () => {
    const text = await readFile(file('first.jsonl'), 'utf8');
    const other = await emptyDatabase();
    for (const cut of [text.slice(0, text.length / 2), text.slice(0, text.lastIndexOf('{"end"'))]) {
      await writeFile(file('cut.jsonl'), cut);
      await expect(restoreFrom(other, file('cut.jsonl'), onRows)).rejects.toThrow('is truncated');
    }
    expect(await restoreFrom(other, file('first.jsonl'), onRows)).toBeGreaterThan(0);
  });

  test('restores nothing if a single digit of it was changed', async () => {
    const text = await readFile(file('first.jsonl'), 'utf8');
    const changed = text.replace('1234567890.123', '1234567890.124');
    expect(changed).not.toBe(text);
    await writeFile(file('changed.jsonl'), changed);
    const other = await emptyDatabase();
    await expect(restoreFrom(other, file('changed.jsonl'), onRows)).rejects.toThrow(
      'was changed after it was exported',
    );
    expect(await restoreFrom(other, file('first.jsonl'), onRows)).toBeGreaterThan(0);
  });

  test('names its format, its release and the migrations of its database', async () => {
    const [head = ''] = (await readFile(file('first.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(head)).toEqual({
      export: 'strategy-snapshots',
      format: 2,
      release: packageJson.version,
      exported_at: '2026-11-22T00:00:00Z',
      migrations: [],
    });
  });

  test('is restored even if a rollback precedes its target by many rows', async () => {
    const bot_id = 'swings';
    for (let n = 0; n < 12; n += 1) {
      await service.call('POST /snapshots', { body: { bot_id, config: { n, long: '"'.repeat(20_000) } } });
      if (n > 0) await service.call('POST /snapshots/rollback', { body: { bot_id } });
    }
    const { rows, lines } = await exported(source, 'swings.jsonl');
    const isSnapshot = (line: string) => line.startsWith('{"table":"strategy_snapshots"');
    const since = (line: string): string => JSON.parse(line).row.active_from;
    const newestFirst = lines.filter(isSnapshot).sort((a, b) => since(b).localeCompare(since(a)));
    const place = lines.findIndex(isSnapshot);
    await writeFile(
      file('swings.jsonl'),
      resealed([...lines.slice(0, place), ...newestFirst, ...lines.slice(place + newestFirst.length)].join('\n')),
    );
    expect(await restoreFrom(await emptyDatabase(), file('swings.jsonl'), onRows)).toBe(rows);
  });

  test('can only be restored into an empty database', async () => {
    const refused = 'the database is not empty';
    await expect(restoreFrom(source, file('first.jsonl'), onRows)).rejects.toThrow(refused);
    const other = await emptyDatabase();
    await ownerOf(other).many(
      z.unknown(),
      sql`INSERT INTO report_deliveries (kind, date, recipient, status) VALUES ('daily', '2026-03-01', 'a@b.example', 'sent')`,
    );
    await expect(restoreFrom(other, file('first.jsonl'), onRows)).rejects.toThrow(refused);
  });

  test('of a newer release is refused with the required release', async () => {
    const [head = '', ...rows] = (await readFile(file('first.jsonl'), 'utf8')).split('\n');
    const empty = await emptyDatabase();
    for (const newer of [{ migrations: ['0001_later.sql'] }, { format: 3, migrations: undefined }]) {
      const changed = JSON.stringify({ ...JSON.parse(head), release: '9.8.7', ...newer });
      await writeFile(file('newer.jsonl'), [changed, ...rows].join('\n'));
      await expect(restoreFrom(empty, file('newer.jsonl'), onRows)).rejects.toThrow(
        `is an export of release 9.8.7, and this is release ${packageJson.version}: restore it with release 9.8.7 or newer`,
      );
    }
  });

  test('of an older schema is refused with the required release', async () => {
    const upgraded = await emptyDatabase();
    await ownerOf(upgraded).many(
      z.unknown(),
      sql`INSERT INTO applied_migrations (name, sha256) VALUES ('0001_later.sql', '')`,
    );
    await expect(restoreFrom(upgraded, file('first.jsonl'), onRows)).rejects.toThrow(
      `restore it with release ${packageJson.version}, then upgrade`,
    );
  });

  test('is distinguished from any other file', async () => {
    for (const text of ['something else\n', '{"export":"something-else","format":2}\n', '']) {
      await writeFile(file('other.jsonl'), text);
      await expect(restoreFrom(source, file('other.jsonl'), onRows)).rejects.toThrow('is not an export');
    }
  });
});

test('a device, and a line without an end, are no export', async () => {
  await expect(restoreFrom(source, '/dev/zero', onRows)).rejects.toThrow('/dev/zero is not a file');
  await writeFile(file('endless.jsonl'), 'x'.repeat(5_000_000));
  await expect(restoreFrom(source, file('endless.jsonl'), onRows)).rejects.toThrow('a line of more than 4 MB');
});

test('what an earlier release stored with secrets is restored without them', async () => {
  await exported(source, 'with-secrets.jsonl');
  const text = await readFile(file('with-secrets.jsonl'), 'utf8');
  const [line = ''] = text.split('\n').filter((each) => each.includes('"table":"strategy_snapshots"'));
  const row = JSON.parse(line).row;
  const config = JSON.stringify({ exchange: { apiKey: 'st0red' }, rsi: 2.5 });
  const before = JSON.stringify({ table: 'strategy_snapshots', row: { ...row, config, notes: 'password=st0red' } });
  await writeFile(file('with-secrets.jsonl'), resealed(text.replace(line, () => before)));

  const empty = await emptyDatabase();
  await restoreFrom(empty, file('with-secrets.jsonl'), onRows);
  const restored = await ownerOf(empty).one(
    z.object({ config: z.string(), notes: z.string(), config_hash: z.string() }),
    sql`SELECT config, notes, config_hash FROM strategy_snapshots WHERE snapshot_id = ${row.snapshot_id}::uuid`,
  );
  expect(restored).toMatchObject({
    config: '{"exchange":{"apiKey":"[redacted]"},"rsi":2.5}',
    notes: 'password=[redacted]',
  });
  expect(restored.config_hash).toBe(configHash(JSON.parse(restored.config)));
});
