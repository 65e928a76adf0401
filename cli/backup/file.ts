import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import * as z from 'zod';
import { counted } from '../../functions/formatting.ts';
import { Failure, unreadable } from '../failure.ts';
import { linesOf } from '../lines.ts';
import { RELEASE } from './release.ts';

export const FORMAT = 2;

/** Longest line of an export, in characters: the Data API takes 4 MiB in a call. */
const LONGEST_ROW = 4_000_000;

/** Fields of the first line in every format since release 0.2. */
const Mark = z.object({ export: z.literal('strategy-snapshots'), format: z.int(), release: z.string() });

/** The first line of an export: its format, the release that wrote it, and the migrations of its database. */
const Head = Mark.extend({
  format: z.literal(FORMAT),
  exported_at: z.string(),
  migrations: z.array(z.string()),
});

/** The first line of an export of version 0.1, which does not name a release. */
const HeadOf01 = z
  .object({
    export: z.literal('strategy-snapshots'),
    format: z.literal(1),
    exported_at: z.string(),
    steps: z.array(z.string()),
  })
  .transform(({ steps, ...head }) => ({ ...head, release: '0.1', migrations: steps }));
const AnyHead = z.union([Head, HeadOf01]);
export type Head = z.output<typeof AnyHead>;

/** The last line: the number of rows before it and the digest of their lines, so that a truncated or changed file is noticed. Exports of
 *  version 0.1 have no digest. */
const Foot = z.object({ end: z.literal(true), rows: z.int(), sha256: z.string().optional() });

export interface TableRow {
  readonly table: string;
  /** JSON text. */
  readonly row: string;
}

/** Writes an export under a temporary name, and renames it once it is complete. @returns how many rows it has */
export async function writeExport(
  path: string,
  head: z.output<typeof Head>,
  rows: AsyncIterable<TableRow>,
): Promise<number> {
  const partial = `${path}.partial`;
  // A new file, since one that is there, left over or planted as a link, may be read by others.
  await rm(partial, { force: true });
  const file = await open(partial, 'wx', 0o600);
  try {
    await file.write(`${JSON.stringify(head)}\n`);
    let count = 0;
    let lines = '';
    const digest = createHash('sha256');
    const flush = async () => {
      digest.update(lines);
      await file.write(lines);
      lines = '';
    };
    for await (const { table, row } of rows) {
      lines += `{"table":"${table}","row":${onOneLine(row)}}\n`;
      count += 1;
      if (lines.length > 1_000_000) await flush();
    }
    await flush();
    await file.write(`${JSON.stringify({ end: true, rows: count, sha256: digest.digest('hex') })}\n`);
    await file.sync();
    await file.close();
    await rename(partial, path);
    return count;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(partial, { force: true });
    throw error;
  }
}

/** Escapes Unicode line ends, which JSON allows in a string and which end a line for the readline of earlier releases. */
const onOneLine = (json: string): string =>
  json.replaceAll('\u2028', String.raw`\u2028`).replaceAll('\u2029', String.raw`\u2029`);

/** Reads an export. The rows end with an error when the file does not end as one, or was
 *  changed.
 *  @throws Error when it is not an export or is truncated; NewerExport when it has a later format */
export async function readExport(path: string): Promise<{ head: Head; rows: AsyncIterable<TableRow> }> {
  if (!(await stat(path).catch(unreadable(path))).isFile()) throw new Failure(`${path} is not a file`);
  const input = createReadStream(path, 'utf8');
  const lines = linesOf(
    input,
    LONGEST_ROW,
    () => new Error(`${path} is not an export of this service: it has a line of more than ${LONGEST_ROW / 1e6} MB`),
  );
  try {
    const first = await lines.next();
    return {
      head: headIn(path, json(first.value ?? '')),
      rows: rowsIn(path, lines),
    };
  } catch (error) {
    input.destroy();
    throw error;
  }
}

function headIn(path: string, line: unknown): Head {
  const head = AnyHead.safeParse(line);
  if (head.success) return head.data;
  const mark = Mark.safeParse(line);
  if (!mark.success || mark.data.format <= FORMAT) throw new Error(`${path} is not an export of this service`);
  throw new NewerExport(path, mark.data.release);
}

/** An export of a later release. */
export class NewerExport extends Error {
  constructor(path: string, release: string) {
    super(
      `${path} is an export of release ${release}, and this is release ${RELEASE}: restore it with release ${release} or newer`,
    );
  }
}

async function* rowsIn(path: string, lines: AsyncIterable<string>): AsyncGenerator<TableRow> {
  let count = 0;
  const digest = createHash('sha256');
  for await (const ended of lines) {
    // A copy may have the line ends of Windows.
    const line = ended.replace(/\r$/, '');
    const { table, row } = /^\{"table":"(?<table>\w+)","row":(?<row>\{.*\})\}$/.exec(line)?.groups ?? {};
    if (table === undefined || row === undefined) {
      const foot = Foot.safeParse(json(line));
      if (!foot.success || foot.data.rows !== count) break;
      if (foot.data.sha256 === undefined || foot.data.sha256 === digest.digest('hex')) return;
      throw new Error(`${path} was changed after it was exported: nothing was restored`);
    }
    digest.update(`${line}\n`);
    count += 1;
    yield { table, row };
  }
  throw new Error(`${path} is truncated after ${counted(count, 'row')}: nothing was restored`);
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
