import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { DatabaseRole, Engine } from './engines/engine.ts';
import { DataApiError } from './errors.ts';
import { resetSession } from './statements.ts';

type Transaction = {
  readonly client: PoolClient;
  readonly role: DatabaseRole;
  /** While no call runs in it. */
  expiry: NodeJS.Timeout | null;
};

export type Transactions = {
  readonly begin: (role: DatabaseRole) => Promise<string>;
  /** Runs one call in a transaction; a second one meanwhile is refused. */
  readonly run: <T>(id: string, role: DatabaseRole, call: (client: PoolClient) => Promise<T>) => Promise<T>;
  readonly commit: (id: string, role: DatabaseRole) => Promise<void>;
  readonly rollback: (id: string, role: DatabaseRole) => Promise<void>;
  readonly rollbackAll: () => Promise<void>;
};

export function openTransactions({ connect }: Engine, idleSeconds: number): Transactions {
  const open = new Map<string, Transaction>();

  async function begin(role: DatabaseRole): Promise<string> {
    const client = await connect(role);
    try {
      await client.query('BEGIN');
    } catch (error) {
      client.release();
      throw error;
    }
    const id = randomUUID();
    const transaction: Transaction = { client, role, expiry: null };
    open.set(id, transaction);
    rest(id, transaction);
    return id;
  }

  async function run<T>(id: string, role: DatabaseRole, call: (client: PoolClient) => Promise<T>): Promise<T> {
    const transaction = wake(id, role);
    try {
      // PGlite blocks the thread from here on: in 2 ms a call that was sent at the same time is here, and is refused.
      await pause(2);
      return await call(transaction.client);
    } finally {
      // A statement such as COMMIT has ended it; the service forgets it then, too.
      if (transaction.client.getTransactionStatus() === 'I') await forget(id, transaction);
      else rest(id, transaction);
    }
  }

  async function end(id: string, transaction: Transaction, command: 'COMMIT' | 'ROLLBACK'): Promise<string> {
    try {
      return (await transaction.client.query(command)).command;
    } finally {
      await forget(id, transaction);
    }
  }

  async function commit(id: string, role: DatabaseRole): Promise<void> {
    // PostgreSQL answers ROLLBACK to the COMMIT of an aborted transaction: nothing was kept, so it is no success.
    if ((await end(id, wake(id, role), 'COMMIT')) !== 'COMMIT') {
      throw new DataApiError('DatabaseErrorException', 'The transaction was aborted and has been rolled back');
    }
  }

  async function rollback(id: string, role: DatabaseRole): Promise<void> {
    await end(id, wake(id, role), 'ROLLBACK');
  }

  async function rollbackAll(): Promise<void> {
    await Promise.allSettled([...open].map(([id, transaction]) => end(id, transaction, 'ROLLBACK')));
  }

  function wake(id: string, role: DatabaseRole): Transaction {
    const transaction = open.get(id);
    if (!transaction) throw new DataApiError('TransactionNotFoundException', `Transaction ${id} is not found`);
    if (transaction.role !== role) {
      throw new DataApiError('BadRequestException', `Transaction ${id} was begun with another secret`);
    }
    if (transaction.expiry === null) {
      throw new DataApiError('DatabaseErrorException', 'Transaction is still running a query');
    }
    clearTimeout(transaction.expiry);
    transaction.expiry = null;
    return transaction;
  }

  function rest(id: string, transaction: Transaction): void {
    transaction.expiry = setTimeout(() => {
      transaction.expiry = null;
      end(id, transaction, 'ROLLBACK').catch(() => undefined);
    }, idleSeconds * 1000).unref();
  }

  async function forget(id: string, { client, expiry }: Transaction): Promise<void> {
    if (!open.delete(id)) return;
    if (expiry) clearTimeout(expiry);
    // Fails in a session that was lost only; the engine replaces that.
    await resetSession(client).catch(() => undefined);
    client.release();
  }

  return { begin, run, commit, rollback, rollbackAll };
}
