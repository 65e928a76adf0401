import { parseJson } from '../../../functions/contract/json.ts';
import type { Row } from '../format.ts';
import { peeked } from './peeked.ts';
import { columnName, type Table } from './table.ts';

/** Records of a JSON document or of JSON lines, which are read line by line. */
export async function jsonTable(name: string, text: AsyncIterable<string>): Promise<Table> {
  const { first, all } = await peeked(records(name, text));
  return { name, columns: new Set(Object.keys(first ?? {})), rows: all };
}

async function* records(name: string, text: AsyncIterable<string>): AsyncGenerator<Row> {
  for await (const document of documents(name, text)) yield* recordsIn(document);
}

async function* documents(name: string, text: AsyncIterable<string>): AsyncGenerator<unknown> {
  const parsed = (json: string): unknown => {
    try {
      return parseJson(json);
    } catch (error) {
      throw new Error(`${name} is truncated or not JSON: ${(error as Error).message}`);
    }
  };
  const whole: string[] = [];
  let isOnLines: boolean | null = null;
  for await (const line of linesOf(text)) {
    if (line.trim() === '') continue;
    isOnLines ??= isJson(line);
    if (isOnLines) yield parsed(line);
    else whole.push(line);
  }
  if (whole.length > 0) yield parsed(whole.join('\n'));
}

/** Lines that end with a line feed: JSON strings may have Unicode's other line ends. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let begun: string[] = [];
  for await (const chunk of text) {
    const [end = '', ...lines] = chunk.split('\n');
    begun.push(end);
    for (const line of lines) {
      yield begun.join('');
      begun = [line];
    }
  }
  yield begun.join('');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The records of a list, of an API's answer with a list, of a backtest's result with the trades of each strategy, or one record. */
function* recordsIn(document: unknown): Generator<Row> {
  if (Array.isArray(document)) for (const item of document) yield* recordsIn(item);
  else if (typeof document === 'object' && document !== null) yield* recordsOf(document as Row);
}

function* recordsOf(document: Row): Generator<Row> {
  const { strategy, ...fields } = document;
  if (typeof strategy === 'object' && strategy !== null) {
    for (const [name, result] of Object.entries(strategy as Record<string, { trades?: readonly Row[] }>))
      for (const trade of result.trades ?? []) yield { ...trade, strategy: name };
    return;
  }
  const list = 'pair' in fields ? undefined : [fields.orders, fields.fills, fields.trades].find(Array.isArray);
  if (list) return yield* recordsIn(list);
  yield Object.fromEntries(Object.entries(document).map(([field, value]) => [columnName(field), value]));
}
