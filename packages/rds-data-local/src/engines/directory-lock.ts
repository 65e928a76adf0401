import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { freeMegabytes } from './disk-space.ts';

export type DirectoryLock = { readonly release: () => void };

const LOCK = 'lock.db';
// A new database takes 40 MB, and its first write-ahead logs as much again.
const NEEDED_MEGABYTES = 100;
// https://www.sqlite.org/rescode.html
const SQLITE_BUSY = 5;

/**
 * Takes a data directory for this process, creating it when needed. PGlite has no lock of its own and two processes
 * would destroy the data; this one is SQLite's, which the kernel releases even if the process is killed.
 */
export function lockDirectory(directory: string): DirectoryLock {
  makeUsable(directory);
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(directory, LOCK));
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if (isBusy(error)) throw new Error(`the data directory ${directory} is in use by another process`);
    throw unusable(directory, error);
  }
  const held = lock;
  return { release: () => held.close() };
}

function makeUsable(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unusable(directory, error);
  }
  const megabytes = freeMegabytes(directory);
  if (!existsSync(join(directory, LOCK)) && megabytes < NEEDED_MEGABYTES) {
    throw new Error(`the disk of ${directory} is full: ${megabytes} MB are free, ${NEEDED_MEGABYTES} MB are needed`);
  }
}

function unusable(directory: string, error: unknown): Error {
  return new Error(
    `the data directory ${directory} cannot be written: ${error instanceof Error ? error.message : error}`,
  );
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
