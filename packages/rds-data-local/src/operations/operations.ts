import type { PoolClient } from 'pg';
import { bindsOf } from '../protocol/parameters.ts';
import { numberPlaceholders } from '../protocol/placeholders.ts';
import { BatchExecuteStatement, BeginTransaction, EndTransaction, parseRequest } from '../protocol/requests.ts';
import { resultTypesOf } from '../results/catalog.ts';
import { type Field, recordsOf } from '../results/records.ts';
import { accessOf } from './access.ts';
import { execute } from './execute.ts';
import type { Service } from './service.ts';
import { atomically, type BoundStatement, runAlone, runStatement } from './statements.ts';

export const operationNames = [
  'ExecuteStatement',
  'BatchExecuteStatement',
  'BeginTransaction',
  'CommitTransaction',
  'RollbackTransaction',
] as const;
export type OperationName = (typeof operationNames)[number];

type Operation = { readonly path: string; readonly run: (service: Service, body: unknown) => Promise<object> };

/** Each operation with the path of the service. */
export const operations: Readonly<Record<OperationName, Operation>> = {
  ExecuteStatement: { path: '/Execute', run: execute },
  BatchExecuteStatement: { path: '/BatchExecute', run: batchExecute },
  BeginTransaction: { path: '/BeginTransaction', run: begin },
  CommitTransaction: { path: '/CommitTransaction', run: commit },
  RollbackTransaction: { path: '/RollbackTransaction', run: rollback },
};

async function batchExecute({ cluster, connect, transactions, statementSeconds }: Service, body: unknown) {
  const request = parseRequest(BatchExecuteStatement, body);
  const { sql, parameterSets, transactionId } = request;
  const { text, names } = numberPlaceholders(sql);
  const statements = parameterSets.map((parameters) => ({ text, binds: bindsOf(names, parameters) }));
  const access = accessOf(cluster, request);

  const runAll = async (client: PoolClient) => {
    const updateResults = [];
    for (const statement of statements) {
      updateResults.push({ generatedFields: await generatedFieldsOf(client, statement, statementSeconds) });
    }
    return { updateResults };
  };
  return transactionId === undefined
    ? runAlone(connect(access), (client) => atomically(client, runAll))
    : transactions.run(transactionId, access, runAll);
}

/** On Aurora, generated fields have the row of RETURNING, as tests of a public client show; the guide says that they are empty. */
async function generatedFieldsOf(
  client: PoolClient,
  statement: BoundStatement,
  limitSeconds: number,
): Promise<readonly Field[]> {
  const rows = await runStatement(client, statement, limitSeconds);
  const [first] = recordsOf(rows, await resultTypesOf(client, rows.fields));
  return first ?? [];
}

async function begin({ cluster, transactions }: Service, body: unknown) {
  const request = parseRequest(BeginTransaction, body);
  return { transactionId: await transactions.begin(accessOf(cluster, request)) };
}

async function commit({ cluster, transactions }: Service, body: unknown) {
  const request = parseRequest(EndTransaction, body);
  await transactions.commit(request.transactionId, accessOf(cluster, request));
  return { transactionStatus: 'Transaction Committed' };
}

async function rollback({ cluster, transactions }: Service, body: unknown) {
  const request = parseRequest(EndTransaction, body);
  await transactions.rollback(request.transactionId, accessOf(cluster, request));
  return { transactionStatus: 'Rollback Complete' };
}
