import type { FieldDef, PoolClient } from 'pg';
import { bindsOf } from '../protocol/parameters.ts';
import { numberPlaceholders } from '../protocol/placeholders.ts';
import { ExecuteStatement, parseRequest } from '../protocol/requests.ts';
import { resultTypesOf, type TableColumn, tableColumnsOf } from '../results/catalog.ts';
import { columnMetadataOf } from '../results/column-metadata.ts';
import { formattedRecordsOf } from '../results/formatted-records.ts';
import { type Rows, recordsOf } from '../results/records.ts';
import type { ResultType } from '../results/types.ts';
import { accessOf } from './access.ts';
import type { Service } from './service.ts';
import { answerWithin, runAlone, runAndReset, runStatement } from './statements.ts';

/** A result with the catalog data of its columns, which is read before the session is released. */
type Described = Rows & {
  readonly types: readonly ResultType[];
  /** Empty when no metadata is requested. */
  readonly columns: readonly (TableColumn | null)[];
};

export async function execute(service: Service, body: unknown): Promise<object> {
  const request = parseRequest(ExecuteStatement, body);
  const result = await run(service, request);
  // Without rows the service leaves out records, and with them it counts no updates: RETURNING counts 0.
  if (result.fields.length === 0) return { generatedFields: [], numberOfRecordsUpdated: result.rowCount ?? 0 };
  return { ...answerOf(result, request), generatedFields: [], numberOfRecordsUpdated: 0 };
}

/** The service leaves out the metadata of records that are formatted as JSON. */
function answerOf(result: Described, { formatRecordsAs, resultSetOptions, ...request }: ExecuteStatement): object {
  const { fields, types, columns } = result;
  const records = recordsOf(result, types, resultSetOptions);
  if (formatRecordsAs === 'JSON') return { formattedRecords: formattedRecordsOf(labelsOf(fields), records) };
  if (!request.includeResultMetadata) return { records };
  return {
    records,
    columnMetadata: fields.map((field, i) => columnMetadataOf(field, types[i] as ResultType, columns[i] ?? null)),
  };
}

function run({ cluster, connect, transactions, statementSeconds }: Service, request: ExecuteStatement) {
  const { transactionId, continueAfterTimeout, includeResultMetadata, formatRecordsAs } = request;
  const { text, names } = numberPlaceholders(request.sql);
  const statement = { text, binds: bindsOf(names, request.parameters) };
  const access = accessOf(cluster, request);
  const limit = continueAfterTimeout ? null : statementSeconds;
  const describes = includeResultMetadata && formatRecordsAs === 'NONE';
  const described = (client: PoolClient, rows: Rows) => describe(client, rows, describes);

  const result =
    transactionId === undefined
      ? runAlone(connect(access), async (client) => described(client, await runAndReset(client, statement, limit)))
      : transactions.run(transactionId, access, async (client) =>
          described(client, await runStatement(client, statement, limit)),
        );
  return continueAfterTimeout ? answerWithin(statementSeconds, result) : result;
}

async function describe(client: PoolClient, rows: Rows, withColumns: boolean): Promise<Described> {
  const types = await resultTypesOf(client, rows.fields);
  return { ...rows, types, columns: withColumns ? await tableColumnsOf(client, rows.fields) : [] };
}

const labelsOf = (fields: readonly FieldDef[]): readonly string[] => fields.map(({ name }) => name);
