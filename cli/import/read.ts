import type { DatabaseSync } from 'node:sqlite';
import type { Format, Row } from './format.ts';
import { recognised } from './formats.ts';
import { assumeHoldings, stageHoldings } from './holdings.ts';
import { instantsIn } from './instants.ts';
import { resolveConflicts } from './resolve-conflicts.ts';
import type { Table } from './sources/table.ts';
import { tablesIn } from './sources/tables.ts';
import { type Stage, stageIn } from './stage.ts';

export interface ReadOptions {
  readonly files: readonly string[];
  /** The name of a format; without it each file is recognised by its columns. */
  readonly format: string | undefined;
  readonly bot: string | undefined;
  readonly run: string | undefined;
  readonly timeZone: string;
  readonly holdings: string | undefined;
  readonly assumeHoldings: boolean;
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
  const stage = stageIn(staging);
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
  if (options.holdings) await stageHoldings(staging, options.holdings);
  resolveConflicts(staging);
  if (options.assumeHoldings) assumeHoldings(staging);
  return found;
}

/** @returns how many rows it has; with `--run` only those of that run */
async function readTable(
  stage: Stage,
  { table, format, options }: { table: Table; format: Format; options: ReadOptions },
  onRows: (rows: number) => void,
): Promise<number> {
  const instant = instantsIn(options.timeZone);
  let number = 0;
  let others = 0;
  for await (const row of table.rows) {
    number += 1;
    if (number % 500 === 0) onRows(number);
    const run = format.runOf(row);
    if (options.run !== undefined && run !== null && run !== options.run) {
      others += 1;
      continue;
    }
    const origin = { bot_id: botOf(run, options), place: `${table.name} row ${number}${idOf(row)}` };
    for (const entry of format.entries(row, { number, instant })) stage(entry, origin);
  }
  onRows(number);
  return number - others;
}

/** Runs of backtests overlap in time, so each becomes a separate bot, unless it is the only one. */
function botOf(run: string | null, { bot, run: only }: ReadOptions): string {
  if (run === null || only !== undefined) return bot ?? run ?? 'default';
  if (bot === undefined) return run;
  throw new Error('each run of a backtest becomes a separate bot: use --bot together with --run');
}

const idOf = ({ order_id, trade_id }: Row): string => {
  const id = order_id ?? trade_id;
  return id ? ` (${id})` : '';
};
