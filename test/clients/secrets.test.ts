import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { redacted } from '../../functions/contract/secrets.ts';
import { botConfigs } from '../support/bot-configs.ts';
import { nearSecrets, plantedSecrets, tracesOf } from '../support/planted-secrets.ts';

const client = fileURLToPath(new URL('../../clients/python/', import.meta.url));
const hasPython =
  spawnSync('python3', ['-c', 'import sqlite3, sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
const directory = mkdtempSync(join(tmpdir(), 'strategy-snapshots-secrets-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Saves each configuration while nothing answers, so that it stays in the outbox, and prints what is in there. */
const SAVE_ALL = `
import asyncio, json
from strategy_snapshots import StrategySnapshotManager

async def main():
    manager = StrategySnapshotManager("http://127.0.0.1:9", outbox="outbox.sqlite3", send_every=3600, snapshot_wait=0)
    for config in json.load(open("configs.json")):
        await manager.save_current_config(config, notes="password=n0tes")
        await manager.link_trade_to_strategy("o-1", {"indicator_breakdown": config}, settings=config)
    print(json.dumps([json.loads(body)["config"] for body, in manager._outbox._adding.execute(
        "SELECT body FROM waiting WHERE kind = 'snapshot' ORDER BY id")]))


asyncio.run(main())
`;

describe.skipIf(!hasPython)(
  `the Python client${hasPython ? '' : ' (skipped: python3 of at least 3.10 is not here)'}`,
  () => {
    test('redacts every configuration as the service does, before it writes it to its outbox', () => {
      const planted = fc.sample(plantedSecrets, { numRuns: 300, seed: 2 });
      const full = Object.values(botConfigs);
      const near = fc.sample(nearSecrets, { numRuns: 3000, seed: 4 });
      const configs: object[] = [...[...planted, ...full].map(({ config }) => config), { near }];
      writeFileSync(join(directory, 'configs.json'), JSON.stringify(configs));
      const { stdout, stderr, status } = spawnSync('python3', ['-c', SAVE_ALL], {
        cwd: directory,
        env: { ...process.env, PYTHONPATH: client, PYTHONDONTWRITEBYTECODE: '1' },
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
      expect(JSON.parse(stdout)).toEqual(configs.map((config) => JSON.parse(JSON.stringify(redacted(config)))));

      const files = readdirSync(directory).filter((name) => name.startsWith('outbox'));
      const written = files.map((name) => readFileSync(join(directory, name), 'latin1')).join() + stderr;
      expect(written.includes('[redacted]')).toBe(true);
      const traces = [
        'n0tes',
        ...planted.flatMap(({ secret }) => tracesOf(secret)),
        ...full.flatMap(({ traces }) => traces),
      ];
      expect(traces.filter((trace) => written.includes(trace))).toEqual([]);
    });
  },
);
