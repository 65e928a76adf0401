import type { Database } from '../database/database.ts';
import * as store from './store.ts';

/** Checks the database and its pending work. */
export async function databaseHealth(database: Database) {
  return { status: 'ok' as const, ...(await store.state(database)) };
}
