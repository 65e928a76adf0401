import { expect, test } from 'vitest';
import { startImporting } from './importing.ts';

const { service, imported, file } = await startImporting();

interface Period {
  readonly notes: string;
  readonly active_from: string;
  readonly active_until: string | null;
}

const save = async (bot_id: string, notes: string, active_from: string) =>
  expect(
    (await service.call('POST /snapshots', { body: { bot_id, notes, config: { notes }, active_from } })).status,
  ).toBe(201);

/** Snapshots of a bot as `notes: from–until`, in days of March, the oldest first. */
async function periods(bot_id: string): Promise<string[]> {
  const { snapshots } = (await service.call('GET /snapshots', { query: { bot_id } })).body;
  const day = (at: string | null) => (at ? Number(at.slice(8, 10)) : 'now');
  return snapshots.map((each: Period) => `${each.notes}: ${day(each.active_from)}–${day(each.active_until)}`).reverse();
}

/** A table of snapshots from rows such as `a: 1–3`. */
const table = (name: string, ...rows: readonly string[]) =>
  file(
    name,
    [
      'snapshot_id,active_from,active_until,score_buy_target,notes',
      ...rows.map((row, i) => {
        const [, notes, from, until] = /^(\w+): (\d+)–(\d*)$/.exec(row) ?? [];
        const at = (day: string | undefined) => (day ? `2025-03-${day.padStart(2, '0')} 00:00:00+00` : '');
        return [i + 1, at(from), at(until), i, notes].join(',');
      }),
    ].join('\n'),
  );

test('history from before a live bot ends where the live bot began, and repeating the import changes nothing', async () => {
  await save('live', 'live', '2025-03-10T00:00:00Z');
  const history = await table('before.csv', 'a: 1–3', 'b: 3–');
  const { code } = await imported('--bot', 'live', '--yes', history);
  expect(code).toBe(0);
  expect(await periods('live')).toEqual(['a: 1–3', 'b: 3–10', 'live: 10–now']);
  const again = await imported('--bot', 'live', '--yes', history);
  expect(again.report.sent.snapshots).toEqual({ new: 0, known: 2 });
});

test('snapshots within the time of the live bot are refused with the reason, and the others are imported', async () => {
  await save('inside', 'live', '2025-03-10T00:00:00Z');
  const { code, report } = await imported('--bot', 'inside', '--yes', await table('inside.csv', 'a: 1–12', 'b: 12–'));
  expect(code).toBe(1);
  expect(report.refused).toMatchObject([
    { count: 1, reason: expect.stringMatching(/snapshot [0-9a-f]{8} has been active since/) },
  ]);
  expect(await periods('inside')).toEqual(['a: 1–10', 'live: 10–now']);
});

test('a table that has grown continues where the previous import ended', async () => {
  await imported('--bot', 'grows', '--yes', await table('short.csv', 'a: 1–3', 'b: 3–'));
  const { code, report } = await imported(
    ...['--bot', 'grows', '--yes'],
    await table('long.csv', 'a: 1–3', 'b: 3–5', 'c: 5–7', 'd: 7–'),
  );
  expect(code).toBe(0);
  expect(report.sent.snapshots).toEqual({ new: 2, known: 2 });
  expect(await periods('grows')).toEqual(['a: 1–3', 'b: 3–5', 'c: 5–7', 'd: 7–now']);
});

test('a stored rollback is two periods of one configuration', async () => {
  const rollback = `snapshot_id,active_from,active_until,score_buy_target,notes
1,2025-03-01 00:00:00,2025-03-02 00:00:00,5,a
2,2025-03-02 00:00:00,2025-03-03 00:00:00,-2.0,b
3,2025-03-03 00:00:00,2025-03-04 00:00:00,5.0,a
4,2025-03-04 00:00:00,2025-03-05 00:00:00,-2,b
`;
  await imported('--bot', 'rollback', '--yes', await file('rollback.csv', rollback));
  const hashes = await service.sql<{ config_hash: string }>(
    "SELECT config_hash FROM strategy_snapshots WHERE bot_id = 'rollback' ORDER BY active_from",
  );
  const [a, b, ...again] = hashes.map(({ config_hash }) => config_hash);
  expect(a).not.toBe(b);
  expect(again).toEqual([a, b]);
});
