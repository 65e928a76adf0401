import type { DatabaseSync } from 'node:sqlite';
import { instant as parsedInstant } from '../../functions/contract/fields.ts';
import { UsageError } from '../failure.ts';
import type { Prices } from './charges.ts';
import { stageConfig } from './config-snapshot.ts';
import { asText, type Format, type Row } from './format.ts';
import { recognised } from './formats.ts';
import { assumeHoldings, stageHoldings } from './holdings.ts';
import { instantsIn } from './instants.ts';
import { resolveConflicts } from './resolve-conflicts.ts';
import { reading } from './sources/reading.ts';
import type { Table } from './sources/table.ts';
import { tablesIn } from './sources/tables.ts';
import { type Stage, stageIn } from './stage.ts';
import { stageControllers } from './stage-controllers.ts';

export interface ReadOptions {
  readonly files: readonly string[];
  /** The name of a format; without it each file is recognised by its columns. */
  readonly format: string | undefined;
  readonly bot: string | undefined;
  readonly run: string | undefined;
  readonly timeZone: string;
  readonly holdings: string | undefined;
  readonly assumeHoldings: boolean;
  /** Prices in USD of quote and fee currencies, by name. */
  readonly prices: Prices;
  /** The settings that the strategy traded with, since `from` or the first order. */
  readonly config: string | undefined;
  readonly from: string | undefined;
  readonly notes: string | undefined;
}

export interface Recognised {
  readonly table: string;
  readonly format: string;
  readonly what: string;
  readonly rows: number;
}

/** Reads everything into staging, a row at a time. @throws Error when a file cannot be read or is not in a known format */
export async function readAll(
  staging: DatabaseSync,
  options: ReadOptions,
  onRows: (rows: number, table: string) => void,
): Promise<Recognised[]> {
  const stage = stageIn(staging, options.prices);
  const found: Recognised[] = [];
  const count = () => found.reduce((sum, { rows }) => sum + rows, 0);
  for (const file of options.files)
    for await (const table of tablesIn(file)) {
      const format = recognised(table.name, table.columns, options.format);
      const before = count();
      const rows = await readTable(stage, { table, format, options }, (rows) => onRows(before + rows, table.name));
      found.push({ table: table.name, format: format.name, what: format.what, rows });
    }
  if (options.run !== undefined && count() === 0) throw new Error(`no row belongs to the run ${options.run}`);
  if (options.holdings) await stageHoldings(staging, options.holdings, options.prices);
  stageControllers(staging);
  await stageSettings(staging, options);
  resolveConflicts(staging);
  if (options.assumeHoldings) assumeHoldings(staging, options.prices);
  return found;
}

async function stageSettings(staging: DatabaseSync, { config, from, notes, timeZone }: ReadOptions): Promise<void> {
  if (config === undefined) {
    if (from !== undefined || notes !== undefined) throw new UsageError('--from and --notes need --config');
    return;
  }
  const instant = from === undefined ? null : instantsIn(timeZone)(from.length === 10 ? `${from} 00:00` : from);
  if (from !== undefined && instant === null)
    throw new UsageError(`--from must be a day such as 2026-11-22, or a time, and is ${from}`);
  await stageConfig(staging, { config, from: instant && parsedInstant.parse(instant), notes });
}

/** @returns how many rows it has; with `--run` only those of that run */
async function readTable(
  stage: Stage,
  { table, format, options }: { table: Table; format: Format; options: ReadOptions },
  onRows: (rows: number) => void,
): Promise<number> {
  const instant = instantsIn(options.timeZone);
  const nth = occurrences();
  let number = 0;
  let others = 0;
  for await (const row of table.rows) {
    number += 1;
    if (number % 500 === 0) onRows(number);
    reading(`${table.name} row ${number}`, () => {
      const run = format.runOf(row);
      if (options.run !== undefined && run !== null && run !== options.run) {
        others += 1;
        return;
      }
      const origin = { bot_id: botOf(run, options), place: `${table.name} row ${number}${idOf(row)}` };
      let isTaken = true;
      // The remarks on a row follow it, and concern only a row that is imported.
      for (const entry of format.entries(row, { number, instant, nth }))
        if (isTaken || entry.kind !== 'remark') isTaken = stage(entry, origin);
    });
  }
  onRows(number);
  return number - others;
}

function occurrences(): (key: string) => number {
  const counts = new Map<string, number>();
  return (key) => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count;
  };
}

/** Runs of backtests overlap in time, so each becomes a separate bot, unless it is the only one. */
function botOf(run: string | null, { bot, run: only }: ReadOptions): string {
  if (run === null || only !== undefined) return bot ?? run ?? 'default';
  if (bot === undefined) return run;
  throw new UsageError('each run of a backtest becomes a separate bot: use --bot together with --run');
}

const idOf = ({ order_id, trade_id }: Row): string => {
  const id = asText(order_id ?? trade_id);
  return id ? ` (${id})` : '';
};
