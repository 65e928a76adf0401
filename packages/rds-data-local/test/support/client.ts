import {
  BatchExecuteStatementCommand,
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  RDSDataClient,
  RollbackTransactionCommand,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import { resourceArn, type SecretName, secretArns } from './cluster.ts';

type Options = Partial<Omit<ExecuteStatementCommandInput, 'sql' | 'parameters'>>;

export type DataApi = ReturnType<typeof dataApiAt>;

/** The real SDK client of an endpoint, with a secret; and `post` for requests that the SDK would reject. */
export function dataApiAt(url: string, secret: SecretName = 'owner') {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new RDSDataClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const caller = { resourceArn, secretArn: secretArns[secret], database: 'postgres' };
  return {
    url,
    as: (other: SecretName) => dataApiAt(url, other),
    execute: (sql: string, parameters: SqlParameter[] = [], options: Options = {}) =>
      client.send(new ExecuteStatementCommand({ ...caller, sql, parameters, ...options })),
    batch: (sql: string, parameterSets: SqlParameter[][], transactionId?: string) =>
      client.send(new BatchExecuteStatementCommand({ ...caller, sql, parameterSets, transactionId })),
    async begin(members: object = {}): Promise<string> {
      const { transactionId } = await client.send(new BeginTransactionCommand({ ...caller, ...members }));
      if (!transactionId) throw new Error('no transaction id');
      return transactionId;
    },
    commit: (transactionId: string) => client.send(new CommitTransactionCommand({ ...caller, transactionId })),
    rollback: (transactionId: string) => client.send(new RollbackTransactionCommand({ ...caller, transactionId })),
    async post(path: string, body: object) {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...caller, ...body }),
      });
      const { message } = (await response.json()) as { readonly message?: string };
      return { status: response.status, error: response.headers.get('x-amzn-errortype'), message };
    },
  };
}

/** The value of a result with one row and one column. */
export async function fieldOf(api: DataApi, sql: string, parameters: SqlParameter[] = [], options: Options = {}) {
  const { records } = await api.execute(sql, parameters, options);
  return records?.[0]?.[0];
}
