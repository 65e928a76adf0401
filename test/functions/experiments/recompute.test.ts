import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { ExperimentLabel } from '../../../functions/experiments/verdict/contract.ts';
import { startService } from '../../support/service.ts';
import { armsOfX } from './pairs.ts';
import { configs, playPairs, SEED } from './play.ts';

const { call, sql, ...service } = await startService();

test('a script without the service’s code comes to the same evidence from an export', async () => {
  await playPairs({ call, sql, ...service }, 'default', armsOfX);
  const { body } = await call('POST /experiments', {
    body: {
      ...{ design: 'switchback', candidate: { config: configs.candidate } },
      ...{
        baseline: (
          await sql<{ id: string }>("SELECT snapshot_id AS id FROM strategy_snapshots WHERE notes = 'baseline' LIMIT 1")
        )[0]?.id,
      },
      ...{ imported: true, seed: SEED, starts_on: '2026-01-01', length: '1d', most_days: 24 },
    },
  });
  const directory = await mkdtemp(join(tmpdir(), 'export-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'all.jsonl');
  const lines: string[] = [];
  for (const table of ['experiments', 'experiment_arms', 'experiment_blocks', 'experiment_days'])
    for (const { row } of await sql<{ row: object }>(`SELECT to_jsonb(t) AS row FROM ${table} t`))
      lines.push(JSON.stringify({ table, row }));
  await writeFile(file, `${lines.join('\n')}\n`);
  const script = new URL('../../../docs/recompute-experiment.mjs', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, file]);
  expect(stdout).toContain('12 pairs, all in the order of the coin');
  for (const { date, pairs, ln_e_t, ln_e_c } of body.looks)
    expect(stdout).toMatch(new RegExp(`${date}  ${pairs} pairs .* t ${ln_e_t.toFixed(6)}, coin ${ln_e_c.toFixed(6)}`));
  expect(stdout).toContain('Decided: keep on 2026-01-24');
});

test('the page about experiments explains every label', async () => {
  const page = await readFile(new URL('../../../docs/experiments.md', import.meta.url), 'utf8');
  for (const label of ExperimentLabel.options) expect(page).toContain(`| \`${label}\` |`);
});
