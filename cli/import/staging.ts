import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** A private temporary database on disk with the rows that were read. */
export function openStaging(): DatabaseSync {
  const staging = new DatabaseSync('');
  staging.exec(`
    CREATE TABLE fills (
      bot_id TEXT, fill_id TEXT, order_id TEXT, symbol TEXT, side TEXT, price TEXT, size TEXT, filled_at TEXT,
      detail INTEGER, body TEXT, PRIMARY KEY (bot_id, fill_id));
    CREATE TABLE links (
      link_id INTEGER PRIMARY KEY, bot_id TEXT, order_id TEXT, side TEXT, claimed TEXT, place TEXT, body TEXT,
      UNIQUE (bot_id, order_id, body));
    CREATE TABLE snapshots (
      bot_id TEXT, active_from TEXT, active_until TEXT, id TEXT, is_stated INTEGER, body TEXT,
      PRIMARY KEY (bot_id, active_from, body));
    CREATE TABLE adjustments (bot_id TEXT, trade TEXT, by TEXT, at TEXT, fill_id TEXT, place TEXT);
    CREATE TABLE funding (bot_id TEXT, symbol TEXT, received TEXT, at TEXT);
    CREATE TABLE controllers (bot_id TEXT, id TEXT, at TEXT, config TEXT, place TEXT);
    CREATE TABLE undone (bot_id TEXT, fill_id TEXT, PRIMARY KEY (bot_id, fill_id));
    CREATE TABLE skipped (reason TEXT PRIMARY KEY, count INTEGER, example TEXT);
    CREATE TABLE remarks (remark TEXT PRIMARY KEY, count INTEGER, example TEXT);
    CREATE TABLE notes (note TEXT PRIMARY KEY);
    BEGIN`);
  return staging;
}

/** The rows of a query, of the shape that the caller names. */
export const rows = <Shape>(staging: DatabaseSync, sql: string, ...values: readonly SQLInputValue[]): Shape[] =>
  staging.prepare(sql).all(...values) as unknown as Shape[];

/** Counts an item that is not imported under its reason, with the first one as an example. */
export function skip(staging: DatabaseSync, reason: string, example: string): void {
  staging
    .prepare('INSERT INTO skipped VALUES (?, 1, ?) ON CONFLICT (reason) DO UPDATE SET count = count + 1')
    .run(reason, example);
}

/** Counts a remark on an item that is imported, with the first one as an example. */
export function remark(staging: DatabaseSync, text: string, example: string): void {
  staging
    .prepare('INSERT INTO remarks VALUES (?, 1, ?) ON CONFLICT (remark) DO UPDATE SET count = count + 1')
    .run(text, example);
}

export function note(staging: DatabaseSync, text: string): void {
  staging.prepare('INSERT OR IGNORE INTO notes VALUES (?)').run(text);
}
