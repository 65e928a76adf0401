import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { DataApiError } from '../protocol/errors.ts';
import type { Access } from './access.ts';
import { resetSession } from './statements.ts';

type Transaction = {
  readonly client: PoolClient;
  readonly access: Access;
  /** The idle timeout; null while a call runs. */
  expiry: NodeJS.Timeout | null;
};

export type Transactions = {
  readonly begin: (access: Access) => Promise<string>;
  /** Runs one call in a transaction; rejects concurrent calls. A call that fails in PostgreSQL ends the transaction. */
  readonly run: <T>(id: string, access: Access, call: (client: PoolClient) => Promise<T>) => Promise<T>;
  readonly commit: (id: string, access: Access) => Promise<void>;
  readonly rollback: (id: string, access: Access) => Promise<void>;
  readonly rollbackAll: () => Promise<void>;
};

export function openTransactions(connect: (access: Access) => Promise<PoolClient>, idleSeconds: number): Transactions {
  const open = new Map<string, Transaction>();

  async function begin(access: Access): Promise<string> {
    const client = await connect(access);
    try {
      await client.query('BEGIN');
    } catch (error) {
      client.release();
      throw error;
    }
    const id = randomUUID();
    const transaction: Transaction = { client, access, expiry: null };
    open.set(id, transaction);
    rest(id, transaction);
    return id;
  }

  async function run<T>(id: string, access: Access, call: (client: PoolClient) => Promise<T>): Promise<T> {
    const transaction = wake(id, access);
    try {
      // PGlite blocks the thread from here on. Waiting 2 ms lets a concurrent call arrive first, which is then rejected.
      await pause(2);
      const result = await call(transaction.client);
      // A statement such as COMMIT has ended it; the service forgets it then, too.
      if (transaction.client.getTransactionStatus() === 'I') await forget(id, transaction);
      else rest(id, transaction);
      return result;
    } catch (error) {
      if (endsTransaction(error)) await end(id, transaction, 'ROLLBACK').catch(() => undefined);
      else rest(id, transaction);
      throw error;
    }
  }

  async function end(id: string, transaction: Transaction, command: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    try {
      await transaction.client.query(command);
    } finally {
      await forget(id, transaction);
    }
  }

  async function rollbackAll(): Promise<void> {
    await Promise.allSettled([...open].map(([id, transaction]) => end(id, transaction, 'ROLLBACK')));
  }

  function wake(id: string, { secret, database }: Access): Transaction {
    const transaction = open.get(id);
    if (!transaction) throw new DataApiError('TransactionNotFoundException', `Transaction ${id} is not found`);
    if (transaction.access.secret !== secret) {
      throw new DataApiError('BadRequestException', `Transaction ${id} belongs to another secret`);
    }
    if (database !== null && database !== transaction.access.database) {
      throw new DataApiError('BadRequestException', 'Database name is not the same as transaction');
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
    // Fails only in a lost session, which the engine replaces.
    await resetSession(client).catch(() => undefined);
    client.release();
  }

  return {
    begin,
    run,
    commit: (id, access) => end(id, wake(id, access), 'COMMIT'),
    rollback: (id, access) => end(id, wake(id, access), 'ROLLBACK'),
    rollbackAll,
  };
}

/** An error of PostgreSQL aborts the transaction; a result that the endpoint rejects does not. */
function endsTransaction(error: unknown): boolean {
  return !(error instanceof DataApiError) || error.name === 'StatementTimeoutException';
}
