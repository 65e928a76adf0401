import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { Row } from '../format.ts';
import { peeked } from './peeked.ts';
import { columnName, type Table } from './table.ts';

/** A table with a header. The delimiter is the one that is most frequent in the header.
 *  @throws Error when a line has another number of fields than the header: the file is truncated or damaged */
export async function csvTable(name: string, text: AsyncIterable<string>): Promise<Table> {
  const { first = '', all } = await peeked(text);
  const parser = parse({ delimiter: delimiterOf(first.split(/[\r\n]/, 1)[0] ?? ''), skip_empty_lines: true });
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
    const isOurs = error instanceof Error && !('code' in error && String(error.code).startsWith('CSV_'));
    throw isOurs ? error : new Error(`${name} is truncated or damaged: ${(error as Error).message}`);
  }
}

const delimiterOf = (header: string): string =>
  [',', ';', '\t'].toSorted((a, b) => header.split(b).length - header.split(a).length)[0] ?? ',';
