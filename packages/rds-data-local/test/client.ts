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

/** One member is there. */
export type WireField = {
  readonly isNull?: boolean;
  readonly booleanValue?: boolean;
  readonly longValue?: number;
  readonly doubleValue?: number | string;
  readonly stringValue?: string;
  readonly blobValue?: string;
  readonly arrayValue?: object;
};
/** The members of an answer as they are on the wire. */
type AnswerBody = {
  readonly message?: string;
  readonly records?: readonly (readonly WireField[])[];
  readonly columnMetadata?: readonly object[];
  readonly numberOfRecordsUpdated?: number;
  readonly updateResults?: readonly object[];
  readonly transactionId?: string;
  readonly transactionStatus?: string;
};
type Options = Partial<Omit<ExecuteStatementCommandInput, 'sql' | 'parameters'>>;

export const resourceArn = 'arn:aws:rds:us-east-1:000000000000:cluster:strategy-snapshots';
export const secretArns = {
  master: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:strategy-snapshots/master',
  app: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:strategy-snapshots/app',
} as const;

export type DataApi = ReturnType<typeof dataApiAt>;

/** The real SDK client of an endpoint, as a role; and `post` for what the SDK would not send. */
export function dataApiAt(url: string, role: keyof typeof secretArns = 'master') {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new RDSDataClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const caller = { resourceArn, secretArn: secretArns[role] };
  return {
    url,
    as: (other: keyof typeof secretArns) => dataApiAt(url, other),
    execute: (sql: string, parameters: SqlParameter[] = [], options: Options = {}) =>
      client.send(new ExecuteStatementCommand({ ...caller, sql, parameters, ...options })),
    batch: (sql: string, parameterSets: SqlParameter[][], transactionId?: string) =>
      client.send(new BatchExecuteStatementCommand({ ...caller, sql, parameterSets, transactionId })),
    async begin() {
      const { transactionId } = await client.send(new BeginTransactionCommand(caller));
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
      const answer = (await response.json()) as AnswerBody;
      return { status: response.status, error: response.headers.get('x-amzn-errortype'), body: answer };
    },
  };
}

/** The value of a result with one row and one column. */
export async function fieldOf(api: DataApi, sql: string, parameters: SqlParameter[] = []) {
  const { records } = await api.execute(sql, parameters);
  return records?.[0]?.[0];
}
