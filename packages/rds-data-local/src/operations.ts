import type { PoolClient } from 'pg';
import type { DatabaseRole, Engine } from './engines/engine.ts';
import { DataApiError } from './errors.ts';
import { bindsOf } from './parameters.ts';
import { numberPlaceholders } from './placeholders.ts';
import { BatchExecuteStatement, BeginTransaction, EndTransaction, ExecuteStatement, parseRequest } from './requests.ts';
import { columnMetadataOf, type Rows, recordsOf } from './results.ts';
import { roleOfSecret } from './secret-role.ts';
import { answerWithin, atomically, runAlone, runAndReset, runStatement } from './statements.ts';
import type { Transactions } from './transactions.ts';

export type Service = {
  readonly engine: Engine;
  readonly transactions: Transactions;
  readonly statementSeconds: number;
};

type Operation = (service: Service, body: unknown) => Promise<object>;

/** By the path that the service has for each. */
export const operations: Readonly<Record<string, Operation>> = {
  '/Execute': execute,
  '/BatchExecute': batchExecute,
  '/BeginTransaction': begin,
  '/CommitTransaction': commit,
  '/RollbackTransaction': rollback,
};

async function execute(service: Service, body: unknown) {
  const request = parseRequest(ExecuteStatement, body);
  const { includeResultMetadata, resultSetOptions } = request;
  const rows = await rowsOf(service, request);
  // Without rows the service leaves out records, and with them it counts no updates: RETURNING counts 0.
  if (rows.fields.length === 0) return { generatedFields: [], numberOfRecordsUpdated: rows.rowCount ?? 0 };
  return {
    records: recordsOf(rows, resultSetOptions),
    ...(includeResultMetadata ? { columnMetadata: columnMetadataOf(rows.fields) } : {}),
    generatedFields: [],
    numberOfRecordsUpdated: 0,
  };
}

function rowsOf({ engine, transactions, statementSeconds }: Service, request: ExecuteStatement): Promise<Rows> {
  const { secretArn, transactionId, continueAfterTimeout } = request;
  const { text, names } = numberPlaceholders(request.sql);
  const statement = { text, binds: bindsOf(names, request.parameters) };
  const role = roleOf(secretArn);
  const limit = continueAfterTimeout ? null : statementSeconds;

  const rows =
    transactionId === undefined
      ? runAlone(engine, role, (client) => runAndReset(client, statement, limit))
      : transactions.run(transactionId, role, (client) => runStatement(client, statement, limit));
  return continueAfterTimeout ? answerWithin(statementSeconds, rows) : rows;
}

async function batchExecute({ engine, transactions, statementSeconds }: Service, body: unknown) {
  const { sql, parameterSets, secretArn, transactionId } = parseRequest(BatchExecuteStatement, body);
  const { text, names } = numberPlaceholders(sql);
  const statements = parameterSets.map((parameters) => ({ text, binds: bindsOf(names, parameters) }));
  const role = roleOf(secretArn);

  const runAll = async (client: PoolClient) => {
    const results: Rows[] = [];
    for (const statement of statements) results.push(await runStatement(client, statement, statementSeconds));
    return results;
  };
  const results = await (transactionId === undefined
    ? runAlone(engine, role, (client) => atomically(client, runAll))
    : transactions.run(transactionId, role, runAll));
  // The tests of a public client found the row of RETURNING in here, on Aurora; the guide says that it is empty.
  return { updateResults: results.map((rows) => ({ generatedFields: recordsOf(rows)[0] ?? [] })) };
}

async function begin({ transactions }: Service, body: unknown) {
  const { secretArn } = parseRequest(BeginTransaction, body);
  return { transactionId: await transactions.begin(roleOf(secretArn)) };
}

async function commit({ transactions }: Service, body: unknown) {
  const { transactionId, secretArn } = parseRequest(EndTransaction, body);
  await transactions.commit(transactionId, roleOf(secretArn));
  return { transactionStatus: 'Transaction Committed' };
}

async function rollback({ transactions }: Service, body: unknown) {
  const { transactionId, secretArn } = parseRequest(EndTransaction, body);
  await transactions.rollback(transactionId, roleOf(secretArn));
  return { transactionStatus: 'Rollback Complete' };
}

function roleOf(secretArn: string): DatabaseRole {
  const role = roleOfSecret(secretArn);
  if (role) return role;
  throw new DataApiError(
    'BadRequestException',
    `Error fetching secret ${secretArn}: Secrets Manager can't find the specified secret. (ResourceNotFoundException)`,
  );
}
