import type { Database } from '../database/database.ts';
import * as store from './store.ts';

/** That the database answers, and what waits in it. */
export async function databaseHealth(database: Database) {
  return { status: 'ok' as const, ...(await store.state(database)) };
}
