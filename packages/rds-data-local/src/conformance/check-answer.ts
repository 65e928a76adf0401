import { isDeepStrictEqual } from 'node:util';
import type { Expectation, ExpectedError } from './case.ts';
import type { DataApiAnswer, DataApiBody } from './send.ts';

/** @throws Error that shows where an answer is not the expected one */
export function checkAnswer(answer: DataApiAnswer, expect: Expectation): void {
  if (expect.error) checkError(answer, expect.error);
  else checkResult(answer, expect);
}

function checkResult({ status, errorName, body }: DataApiAnswer, expect: Expectation): void {
  if (status !== 200) throw new Error(`it answered ${status} ${errorName ?? ''} ${body.message ?? ''}`);
  const { records, rows, formatted, columns, updated, updateResults, transactionStatus } = expect;
  if (records) expectEqual(withinTolerance(body.records, expect), records, 'records');
  if (rows !== undefined) expectEqual(body.records?.length, rows, 'the number of records');
  if (formatted) expectEqual(JSON.parse(body.formattedRecords ?? 'null'), formatted, 'formattedRecords');
  if (columns) checkColumns(body.columnMetadata ?? [], columns);
  if (updated !== undefined) expectEqual(body.numberOfRecordsUpdated, updated, 'numberOfRecordsUpdated');
  if (updateResults) expectEqual(body.updateResults, updateResults, 'updateResults');
  if (transactionStatus) expectEqual(body.transactionStatus, transactionStatus, 'transactionStatus');
}

function checkError({ errorName, body }: DataApiAnswer, { names, message }: ExpectedError): void {
  const text = body.message ?? '';
  if (!names.includes(errorName ?? '')) throw new Error(`the error is ${errorName} ${text}, not ${names.join(' or ')}`);
  if (message && !message.test(text)) throw new Error(`the message ${JSON.stringify(text)} does not match ${message}`);
}

/** Members beyond the expected ones may be anything. */
function checkColumns(actual: readonly object[], expected: readonly object[]): void {
  expectEqual(actual.length, expected.length, 'the number of columns');
  for (const [i, members] of expected.entries()) {
    const found = Object.fromEntries(Object.entries(actual[i] ?? {}).filter(([name]) => name in members));
    expectEqual(found, { ...members }, `columnMetadata[${i}]`);
  }
}

/** The records, with an expected double where the actual one is close enough to it. */
function withinTolerance(actual: DataApiBody['records'], { records, tolerance = 0 }: Expectation): unknown {
  return actual?.map((row, rowIndex) =>
    row.map((field, column) => {
      const wanted = records?.[rowIndex]?.[column] ?? {};
      const isClose = Math.abs(Number(field.doubleValue) - Number(wanted.doubleValue)) <= tolerance;
      return isClose ? wanted : field;
    }),
  );
}

function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}
