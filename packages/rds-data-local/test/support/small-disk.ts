import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly directory: string;
  /** Fills it until this number of bytes is free. */
  readonly fillTo: (bytes: number) => void;
  /** Makes space again. */
  readonly empty: () => void;
  readonly unmount: () => void;
}

/** A disk of this size in memory. @throws Error without the right to mount one */
export function smallDisk(bytes: number): SmallDisk {
  const directory = mkdtempSync(join(tmpdir(), 'small-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', directory], { stdio: 'pipe' });
  const filler = join(directory, 'filler');
  return {
    directory,
    fillTo(left) {
      const { bavail, bsize } = statfsSync(directory);
      writeFileSync(filler, Buffer.alloc(bavail * bsize - left));
    },
    empty: () => rmSync(filler),
    unmount() {
      execFileSync('umount', [directory]);
      rmdirSync(directory);
    },
  };
}

/** Whether this user may mount a disk: mostly root only. */
export function maySetUpDisks(): boolean {
  try {
    smallDisk(4096).unmount();
    return true;
  } catch {
    return false;
  }
}
