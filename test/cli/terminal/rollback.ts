import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Run } from '../strategy.ts';
import type { Recorded } from './history.ts';

/** The command, and the service that it calls. */
interface Subject {
  readonly run: (...args: string[]) => Promise<Run>;
  readonly get: (path: string) => Promise<unknown>;
  readonly environment: () => Readonly<Record<string, string>>;
  /** Set when the service has started. */
  readonly recorded: () => Recorded;
}

const short = (id: string) => id.slice(0, 8);

/** Tests in this order: each continues from the state that the previous one left. */
export function rollbackTests({ run, get, environment, recorded }: Subject): void {
  const hasScript = spawnSync('script', ['--version']).status === 0;
  const current = async () =>
    (await get('/snapshots/current')) as { readonly snapshot_id: string; readonly rollback_of: string | null };
  const typed = (line: string, answer: string) =>
    spawnSync('script', ['-qec', `cli/strategy.js ${line}`, '/dev/null'], {
      input: `${answer}\n`,
      env: { PATH: process.env.PATH, ...environment() },
      encoding: 'utf8',
    });

  test.runIf(hasScript)(
    'a rollback shows what changes and asks for confirmation; without it nothing is changed',
    async () => {
      const before = await get('/snapshots');
      const { stdout, status } = typed('rollback', '');
      expect(stdout).toMatch(/score_buy_target {2}5 {7}5.5/);
      expect(stdout).toContain(`Make the settings of snapshot ${short(recorded().old)} active again? [y/N]`);
      expect(stdout).toContain('Nothing was changed.');
      expect(status).toBe(1);
      expect(await get('/snapshots')).toEqual(before);
    },
  );

  test('a rollback with --yes does not ask, shows what changed, and is not undone by a second one', async () => {
    const { code, stdout } = await run('rollback', '--yes', '--notes', 'It lost money');
    expect(code).toBe(0);
    const active = await current();
    expect(active).toMatchObject({ rollback_of: recorded().old, notes: 'It lost money' });
    expect(stdout).toMatch(/score_buy_target {2}5 {7}5.5/);
    expect(stdout).toContain(`Done: Snapshot ${short(active.snapshot_id)}, It lost money`);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`rolled back to snapshot ${short(recorded().old)}.`);
    const again = await run('rollback', '--yes');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain(
      `Nothing was changed: the active snapshot ${short(active.snapshot_id)} is itself a rollback.`,
    );
    expect(await current()).toEqual(active);
  });

  test('a rollback to the active settings changes nothing, and the output says so', async () => {
    const { code, stdout } = await run('rollback', short(recorded().old), '--yes', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ snapshot_id: (await current()).snapshot_id, changed: false });
  });

  test.runIf(hasScript)('a confirmed rollback is done', async () => {
    const before = await current();
    const { status } = typed(`rollback ${short(recorded().changed)}`, 'y');
    expect(status).toBe(0);
    const after = await current();
    expect(after.rollback_of).toBe(recorded().changed);
    expect(after.snapshot_id).not.toBe(before.snapshot_id);
  });

  test('a rollback to a snapshot of another bot is refused, and shows none of its settings', async () => {
    const before = await get('/snapshots/current');
    const answer = await fetch(`http://127.0.0.1:${environment().PORT}/snapshots`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ bot_id: 'other', config: { theirs: 1 } }),
    });
    const { snapshot_id } = (await answer.json()) as { snapshot_id: string };
    expect(await run('rollback', snapshot_id, '--yes')).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`Snapshot ${short(snapshot_id)} belongs to the bot other: add --bot other`),
    });
    expect(await get('/snapshots/current')).toEqual(before);
  });
}
