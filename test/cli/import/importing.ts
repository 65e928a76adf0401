import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { startApi } from '../../../local/api.ts';
import { type Service, startService } from '../../support/service.ts';
import { strategy } from '../strategy.ts';

export interface Imported {
  readonly code: number;
  readonly out: string;
  readonly error: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads the report as a script does, which has no types either
  readonly report: any;
}

export interface Importing {
  readonly service: Service;
  readonly url: string;
  /** Runs `strategy import --json` against the deployed handlers. */
  readonly imported: (...args: readonly string[]) => Promise<Imported>;
  /** Runs the same command with text output. */
  readonly shown: (...args: readonly string[]) => Promise<Imported>;
  /** @returns the path of a new file with this content */
  readonly file: (name: string, content: string | Buffer) => Promise<string>;
}

/** The command, its files and a service with a separate database for each test file. */
export async function startImporting(): Promise<Importing> {
  const service = await startService();
  const api = await startApi({ port: 0 });
  const directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-import-'));
  afterAll(async () => {
    await api.close();
    await rm(directory, { recursive: true, force: true });
  });
  const shown = async (...args: readonly string[]) => {
    const location = args.includes('--stage') ? [] : ['--url', api.url];
    const { code, stdout, stderr } = await strategy(['import', ...location, ...args]);
    return { code, out: stdout, error: stderr, report: null };
  };
  return {
    service,
    url: api.url,
    shown,
    imported: async (...args) => {
      const result = await shown('--json', ...args);
      return { ...result, report: result.out && JSON.parse(result.out) };
    },
    async file(name, content) {
      const path = join(directory, name);
      await writeFile(path, content);
      return path;
    },
  };
}
