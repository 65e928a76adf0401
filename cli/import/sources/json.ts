import { parseJson } from '../../../functions/contract/json.ts';
import { linesOf } from '../../lines.ts';
import type { Row } from '../format.ts';
import { DEEPEST_LIST, inMb, LONGEST_DOCUMENT, MOST_VALUES } from './limits.ts';
import { peeked } from './peeked.ts';
import { isTooDeep } from './reading.ts';
import { columnName, type Table } from './table.ts';

/** Records of a JSON document or of JSON lines, which are read line by line.
 *  @throws Error that names the file and, of JSON lines, the line, when it is not JSON or passes a limit */
export async function jsonTable(name: string, text: AsyncIterable<string>): Promise<Table> {
  const { first, all } = await peeked(records(name, text));
  return { name, columns: new Set(Object.keys(first ?? {})), rows: all };
}

async function* records(name: string, text: AsyncIterable<string>): AsyncGenerator<Row> {
  for await (const document of documents(name, text)) yield* recordsIn(parsed(document), document.place);
}

interface Document {
  readonly json: string;
  /** The file and, of JSON lines, the line. */
  readonly place: string;
}

/** The lines of a text, when the first one is a document by itself; otherwise all of it. */
async function* documents(name: string, text: AsyncIterable<string>): AsyncGenerator<Document> {
  const { first = '', all } = await peeked(withFirstLine(name, text));
  const [line = ''] = first.trimStart().split('\n', 1);
  if (!isJson(line)) return yield { json: await whole(name, all), place: name };
  let number = 0;
  for await (const json of linesOf(all, LONGEST_DOCUMENT, () => tooLong(name))) {
    number += 1;
    if (json.trim() !== '') yield { json, place: `${name} line ${number}` };
  }
}

/** The same text, with all of the first line that is not blank in the first part. */
async function* withFirstLine(name: string, text: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = '';
  let isComplete = false;
  for await (const chunk of text) {
    if (isComplete) yield chunk;
    else begun = longer(begun, chunk, name);
    if (isComplete || !chunk.includes('\n')) continue;
    isComplete = begun.trimStart().includes('\n');
    if (isComplete) yield begun;
  }
  if (!isComplete) yield begun;
}

async function whole(name: string, text: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const chunk of text) all = longer(all, chunk, name);
  return all;
}

/** @throws Error when both together pass the limit */
function longer(begun: string, chunk: string, name: string): string {
  if (begun.length + chunk.length <= LONGEST_DOCUMENT) return begun + chunk;
  throw tooLong(name);
}

const tooLong = (name: string): Error =>
  new Error(`${name} has JSON that is longer than ${inMb(LONGEST_DOCUMENT)} in one piece: ${SMALLER}`);

const SMALLER = 'export a shorter period, or write it as JSON lines, a record per line';

function parsed({ json, place }: Document): unknown {
  if (valuesIn(json) > MOST_VALUES)
    throw new Error(`${place} has more than ${MOST_VALUES / 1e6} million values in one piece: ${SMALLER}`);
  try {
    return parseJson(json);
  } catch (error) {
    if (isTooDeep(error)) throw tooDeep(place);
    throw new Error(`${place} is truncated or not JSON: ${(error as Error).message}`);
  }
}

const [OPEN_ARRAY, OPEN_OBJECT, COMMA] = [0x5b, 0x7b, 0x2c];

/** At least as many values as a JSON text has: commas in strings count too. */
function valuesIn(json: string): number {
  let values = 1;
  for (let i = 0; i < json.length; i += 1) {
    const code = json.charCodeAt(i);
    if (code === COMMA || code === OPEN_OBJECT || code === OPEN_ARRAY) values += 1;
  }
  return values;
}

function isJson(text: string): boolean {
  if (valuesIn(text) > MOST_VALUES) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The records of a list, of an API's answer with a list, of a backtest's result with the trades of each strategy, or one record. */
function* recordsIn(document: unknown, place: string, depth = 0): Generator<Row> {
  if (depth > DEEPEST_LIST) throw tooDeep(place);
  if (Array.isArray(document)) for (const item of document) yield* recordsIn(item, place, depth + 1);
  else if (typeof document === 'object' && document !== null) yield* recordsOf(document as Row, place, depth);
}

function* recordsOf(document: Row, place: string, depth: number): Generator<Row> {
  const { strategy, ...fields } = document;
  if (typeof strategy === 'object' && strategy !== null) {
    for (const [name, result] of Object.entries(strategy as Record<string, { trades?: readonly Row[] }>))
      for (const trade of result.trades ?? []) yield { ...trade, strategy: name };
    return;
  }
  const list = 'pair' in fields ? undefined : [fields.orders, fields.fills, fields.trades].find(Array.isArray);
  if (list) return yield* recordsIn(list, place, depth + 1);
  yield Object.fromEntries(Object.entries(document).map(([field, value]) => [columnName(field), value]));
}

const tooDeep = (place: string): Error =>
  new Error(`${place} is nested too deeply: write its records as one list, or as JSON lines`);
