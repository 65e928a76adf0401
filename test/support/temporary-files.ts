import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const MEMORY = '/dev/shm';
/** Bytes that must be free there. A run needs about 3 GB, most of it for databases. */
const ENOUGH = 6 * 1024 ** 3;

const PREFIX = 'strategy-snapshots-tests-';

/** Creates a directory for the temporary files of a run, which is removed when this process ends, as are those of runs that were killed. It is
 *  in memory where that is possible: creating a database costs a disk ten times as much CPU. A run within a run uses the same directory. */
export function temporaryFilesOfRun(): string {
  if (basename(tmpdir()).startsWith(PREFIX)) return tmpdir();
  for (const left of globSync(join(MEMORY, `${PREFIX}*`)))
    if (!existsSync(`/proc/${basename(left).slice(PREFIX.length)}`)) remove(left);
  const directory = join(hasRoomInMemory() ? MEMORY : tmpdir(), `${PREFIX}${process.pid}`);
  remove(directory);
  mkdirSync(directory);
  // PostgreSQL may run as another user.
  chmodSync(directory, 0o711);
  process.once('exit', () => remove(directory));
  return directory;
}

function remove(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // After Ctrl-C, a worker that has not ended yet may still write there. Other listeners have to run.
  }
}

function hasRoomInMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    const options = / \/dev\/shm tmpfs (\S+)/.exec(readFileSync('/proc/mounts', 'utf8'))?.[1]?.split(',');
    // Copied programs are started there.
    return options?.includes('noexec') === false && Math.min(bavail * bsize, process.availableMemory()) > ENOUGH;
  } catch {
    return false;
  }
}
