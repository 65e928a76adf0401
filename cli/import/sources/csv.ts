import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Row } from '../format.ts';
import { inMb, LONGEST_RECORD } from './limits.ts';
import { peeked } from './peeked.ts';
import { columnName, type Table } from './table.ts';

/** A table with a header, perhaps after other lines. The delimiter is the one that is most frequent in the header.
 *  @throws Error when a line has another number of fields than the header: the file is truncated or damaged */
export async function csvTable(name: string, text: AsyncIterable<string>): Promise<Table> {
  const { first = '', all } = await peeked(text);
  const before = linesBeforeHeader(first);
  const header = first.split(/\r?\n/)[before] ?? '';
  const parser = parse({
    ...{ delimiter: delimiterOf(header), skip_empty_lines: true, from_line: before + 1 },
    max_record_size: LONGEST_RECORD,
  });
  const source = Readable.from(all);
  source.once('error', (error) => parser.destroy(error)).pipe(parser);
  const records = await peeked<string[]>(named(name, parser));
  const columns = records.first?.map(columnName) ?? [];
  return { name, columns: new Set(columns), rows: rowsOf(columns, records.all) };
}

async function* rowsOf(columns: readonly string[], records: AsyncIterable<readonly string[]>): AsyncGenerator<Row> {
  let isHeader = true;
  for await (const record of records) {
    if (!isHeader) yield Object.fromEntries(columns.map((column, i) => [column, record[i]]));
    isHeader = false;
  }
}

async function* named<Item>(name: string, records: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_MAX_RECORD_SIZE')
      throw new Error(
        `${name} line ${error.lines} begins a record that is longer than ${inMb(LONGEST_RECORD)}: is a quotation mark missing?`,
      );
    throw new Error(`${name} is truncated or damaged: ${error.message}`);
  }
}

/** The header of a statement of Coinbase, which follows lines about the account. */
const STATEMENT = /Timestamp\W+Transaction Type\W/i;

/** The number of lines before the header: where the statement's header is not found, the first line is the header. */
const linesBeforeHeader = (text: string): number =>
  Math.max(
    0,
    text.split(/\r?\n/).findIndex((line) => STATEMENT.test(line)),
  );

const delimiterOf = (header: string): string =>
  [',', ';', '\t'].toSorted((a, b) => header.split(b).length - header.split(a).length)[0] ?? ',';
