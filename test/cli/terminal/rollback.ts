import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Run } from '../strategy.ts';

/** The command, and the service that it calls. */
interface Subject {
  readonly run: (...args: string[]) => Promise<Run>;
  readonly get: (path: string) => Promise<unknown>;
  readonly environment: () => Readonly<Record<string, string>>;
}

/** In this order: each continues from the state that the one before it left. */
export function rollbackTests({ run, get, environment }: Subject): void {
  const hasScript = spawnSync('script', ['--version']).status === 0;
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
      expect(stdout).toMatch(
        /score_buy_target {2}5 {7}5.5[\s\S]*Make the settings of snapshot 1 active again\? \[y\/N\]/,
      );
      expect(stdout).toContain('Nothing was changed.');
      expect(status).toBe(1);
      expect(await get('/snapshots')).toEqual(before);
    },
  );

  test('a rollback with --yes does not ask, shows what changed, and is not undone by a second one', async () => {
    const { code, stdout } = await run('rollback', '--yes', '--notes', 'It lost money');
    expect(code).toBe(0);
    expect(stdout).toMatch(/score_buy_target {2}5 {7}5.5[\s\S]*Done: Snapshot 3, It lost money/);
    const again = await run('rollback', '--yes');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('Nothing was changed: the active snapshot 3 is itself a rollback.');
    expect(await get('/snapshots/current')).toMatchObject({ snapshot_id: 3, rollback_of: 1, notes: 'It lost money' });
  });

  test('a rollback to the active settings changes nothing, and says so', async () => {
    const { code, stdout } = await run('rollback', '1', '--yes', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ snapshot_id: 3, changed: false });
  });

  test.runIf(hasScript)('a confirmed rollback is done', async () => {
    const { status } = typed('rollback 2', 'y');
    expect(status).toBe(0);
    expect(await get('/snapshots/current')).toMatchObject({ snapshot_id: 4, rollback_of: 2 });
  });

  test('a rollback to a snapshot of another bot is refused, and shows none of its settings', async () => {
    const before = await get('/snapshots/current');
    const answer = await fetch(`http://127.0.0.1:${environment().PORT}/snapshots`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ bot_id: 'other', config: { theirs: 1 } }),
    });
    const { snapshot_id } = (await answer.json()) as { snapshot_id: number };
    expect(await run('rollback', String(snapshot_id), '--yes')).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`Snapshot ${snapshot_id} belongs to the bot other: add --bot other`),
    });
    expect(await get('/snapshots/current')).toEqual(before);
  });
}
