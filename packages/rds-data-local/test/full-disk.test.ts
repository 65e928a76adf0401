import { DatabaseErrorException } from '@aws-sdk/client-rds-data';
import { expect, onTestFinished, test } from 'vitest';
import { startDataApiProcess } from '../src/process/process.ts';
import { dataApiAt } from './support/client.ts';
import { cluster } from './support/cluster.ts';
import { initialiseDataDirectory } from './support/initialised.ts';
import { maySetUpDisks, smallDisk } from './support/small-disk.ts';

const MB = 1e6;
const REPLACED = 'the database process has ended unexpectedly: another one goes on from what is stored';
const needsDisk = test.skipIf(!maySetUpDisks());

async function databaseOnSmallDisk() {
  const disk = smallDisk(300 * MB);
  onTestFinished(disk.unmount);
  const notices: string[] = [];
  const engine = { dataDir: await initialiseDataDirectory(`${disk.directory}/data`) };
  const { url, stop, ended } = await startDataApiProcess({ engine, cluster }, (notice) => notices.push(notice));
  onTestFinished(stop);
  const api = dataApiAt(url);
  await api.execute('CREATE TABLE kept (n int)');
  await api.execute('INSERT INTO kept VALUES (1)');
  return {
    disk,
    api,
    notices,
    stop,
    ended,
    numbers: async () => (await api.execute('SELECT n FROM kept ORDER BY n')).records,
  };
}

needsDisk(
  'without space for its log, it refuses every call at once, and goes on when there is space (needs a disk of its own: root)',
  async () => {
    const { disk, api, notices, stop, numbers } = await databaseOnSmallDisk();
    disk.fillTo(8 * MB);
    await expect(api.execute('INSERT INTO kept VALUES (2)')).rejects.toThrow(
      /^ERROR: the disk of .* is full: \d MB are free, 32 MB are needed; SQLState: 53100$/,
    );
    await expect(numbers()).rejects.toThrow(DatabaseErrorException);
    disk.empty();
    await api.execute('INSERT INTO kept VALUES (3)');
    expect(await numbers()).toEqual([[{ longValue: 1 }], [{ longValue: 3 }]]);
    expect(notices).toEqual([
      expect.stringContaining('requests are refused'),
      expect.stringContaining('has space again'),
    ]);
    await stop();
  },
);

needsDisk(
  'a panic on a full disk is reported, and another process goes on from what is stored (needs a disk of its own: root)',
  async () => {
    const { disk, api, notices, stop, ended, numbers } = await databaseOnSmallDisk();
    disk.fillTo(40 * MB);
    // Writes the log only, and more of it than there is space for.
    const tooMuch = api.execute(
      "INSERT INTO kept SELECT length(pg_logical_emit_message(true, '', repeat('x', 60000000))::text)",
    );
    await expect(tooMuch).rejects.toThrow(/No space left on device; SQLState: 53100$/);
    await expect.poll(() => notices, { timeout: 30_000 }).toContain(REPLACED);
    expect(notices[0]).toMatch(/^the database has failed: could not write .*No space left on device$/);
    // Nothing listens until the other process is up.
    await expect.poll(() => numbers().then(String, String), { timeout: 30_000 }).toContain('32 MB are needed');
    disk.empty();
    expect(await numbers()).toEqual([[{ longValue: 1 }]]);
    await api.execute('INSERT INTO kept VALUES (2)');
    expect(await numbers()).toEqual([[{ longValue: 1 }], [{ longValue: 2 }]]);
    await stop();
    await ended;
  },
);
