import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Failure } from '../failure.ts';
import type { Prices } from '../import/charges.ts';
import { type ReadOptions, readAll } from '../import/read.ts';
import { settingsIn } from '../import/settings-file.ts';
import { openStaging, rows } from '../import/staging.ts';
import type { KnownSettings, Reading, Source } from '../sync/source.ts';

export interface HummingbotOptions {
  /** The strategy's configuration, as YAML or JSON. */
  readonly config: string | undefined;
  readonly prices: Prices;
}

/** The database of Hummingbot, which may be running, or its CSV of trades. It is read again when it or the configuration has changed. */
export function hummingbotRecords(path: string, { config, prices }: HummingbotOptions): Source {
  let [last, reading]: [string, Reading | null] = ['', null];
  return {
    async read(_isFirst, onTrades) {
      for (const needed of [path, config])
        if (needed && !existsSync(needed)) throw new Failure(`there is no file ${needed}`);
      const state = [path, `${path}-wal`, config ?? ''].map(stateOf).join();
      // What cannot be read was reported when it was new.
      if (reading !== null && state === last) return { ...reading, unreadable: [] };
      reading = await readingOf(path, { config, prices }, onTrades);
      last = state;
      return reading;
    },
  };
}

/** Changes whenever the file is written. */
function stateOf(path: string): string {
  const { mtimeMs = 0, size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
}

const OPTIONS = {
  ...{ format: undefined, bot: undefined, run: undefined, timeZone: 'UTC', holdings: undefined, assumeHoldings: false },
  ...{ config: undefined, from: undefined, notes: undefined },
} as const satisfies Omit<ReadOptions, 'files' | 'prices'>;

interface StagedFill {
  readonly body: string;
  readonly filled_at: string;
}
interface StagedSettings {
  readonly active_from: string;
  readonly body: string;
}

async function readingOf(
  path: string,
  { config, prices }: HummingbotOptions,
  onTrades: (trades: number) => void,
): Promise<Reading> {
  const staging = openStaging();
  try {
    const found = await readAll(staging, { ...OPTIONS, files: [path], prices }, onTrades);
    if (!found.some(({ format }) => format === 'hummingbot-fills'))
      throw new Failure(
        `${path} has no fills of Hummingbot (TradeFill): it has ${found.map(({ what }) => what).join(', ')}`,
      );
    const fills = rows<StagedFill>(staging, 'SELECT body, filled_at FROM fills ORDER BY filled_at, side, fill_id');
    const known = rows<StagedSettings>(staging, 'SELECT active_from, body FROM snapshots ORDER BY active_from');
    const settings = known.map(({ active_from, body }): KnownSettings => ({ ...JSON.parse(body), active_from }));
    const name = basename(path);
    const [first] = fills;
    return {
      name: 'hummingbot',
      executions: fills.map(({ body }) => ({ fill: JSON.parse(body), link: null })),
      unreadable: rows(staging, 'SELECT reason, example AS place FROM skipped'),
      // Without any settings no order would belong to a strategy.
      settings:
        settings.length === 0 && config === undefined && first !== undefined
          ? [{ config: { records: name }, notes: name, active_from: first.filled_at }]
          : settings,
      current: config === undefined ? null : { config: await configIn(config), notes: basename(config) },
    };
  } finally {
    staging.close();
  }
}

async function configIn(path: string): Promise<Readonly<Record<string, unknown>>> {
  const config = await settingsIn(path);
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config as Record<string, unknown>;
  throw new Failure(`${path} has no settings`);
}
