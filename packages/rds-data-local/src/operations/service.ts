import type { PoolClient } from 'pg';
import { type Cluster, type ClusterSettings, clusterOf } from '../cluster.ts';
import type { Engine } from '../engines/engine.ts';
import { STATEMENT_SECONDS, TRANSACTION_IDLE_SECONDS } from '../protocol/limits.ts';
import { type Access, connectionOf } from './access.ts';
import { openTransactions, type Transactions } from './transactions.ts';

/** What the operations work on. */
export type Service = {
  readonly cluster: Cluster;
  readonly connect: (access: Access) => Promise<PoolClient>;
  readonly transactions: Transactions;
  readonly statementSeconds: number;
};

export type ServiceSettings = {
  readonly engine: Engine;
  readonly cluster: ClusterSettings;
  readonly statementSeconds?: number;
  readonly transactionIdleSeconds?: number;
};

/** @throws Error that names every setting of the cluster that is wrong */
export function openService({
  engine,
  cluster: settings,
  statementSeconds = STATEMENT_SECONDS,
  transactionIdleSeconds = TRANSACTION_IDLE_SECONDS,
}: ServiceSettings): Service {
  const cluster = clusterOf(settings);
  const connect = (access: Access) => engine.connect(connectionOf(cluster, access));
  return { cluster, connect, transactions: openTransactions(connect, transactionIdleSeconds), statementSeconds };
}
