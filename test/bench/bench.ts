import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { failed } from '../../cli/failure.ts';
import { type Row, worseBy } from './measure.ts';
import type { WorkerMessage } from './on-engine.ts';
import { type Run, textOf, withRun } from './page.ts';
import { bundles } from './parts/bundles.ts';
import { fifo } from './parts/fifo.ts';
import { type PartName, parts } from './parts/parts.ts';
import { type EngineName, engines } from './place.ts';

const HELP = `npm run bench: measures performance, as ratios to reference measurements of the same run, on both engines.

  --quick        less data, for at most two minutes instead of fifteen; parts that have not started by then are left out and listed
  --only PART    only one part: bundles, fifo, ${Object.keys(parts).join(', ')}
  --json FILE    the file for the figures as JSON (bench-results.json)
  --write        also writes them to docs/performance.json and docs/performance.md, with the contents of bundles and the cost of a
                 day; needs a complete run

The exit code is 1 when a figure misses its target by more than a factor of two; if the committed run misses the target too, when it is
more than twice as bad as that.`;

/** Seconds after which no further part starts. */
const LONGEST = { quick: 120, whole: 900 };

/** Tolerated factor: smaller differences may be caused by other load on a shared machine. */
const TOLERATED = 2;

try {
  const options = {
    help: { type: 'boolean', short: 'h' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'string', default: 'bench-results.json' },
    write: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) console.log(HELP);
  else await main(values);
} catch (error) {
  failed(error);
}

/** The engines of a quick run: both only for operations that bots wait for. */
function enginesInShort(part: PartName): readonly EngineName[] {
  return part === 'single' || part === 'ingest' ? engines : ['PostgreSQL 17'];
}

function docs(name: string): URL {
  return new URL(`../../docs/${name}`, import.meta.url);
}

interface Options {
  readonly quick: boolean;
  readonly only?: string | undefined;
  readonly json: string;
  readonly write: boolean;
}

async function main({ quick, only, json, write }: Options): Promise<void> {
  if (only !== undefined && only !== 'bundles' && only !== 'fifo' && !(only in parts))
    throw new Error(`there is no part ${only}: --help`);
  if (only !== undefined && write) throw new Error('--write needs a complete run, without --only');
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const progress = (what: string) => console.error(`${`${seconds()} s`.padStart(6)}  ${what}`);
  const wanted = (part: string) => only === undefined || only === part;
  const leftOut: string[] = [];
  const { rows, parts: made } = wanted('bundles') ? await bundles({ quick, progress }) : { rows: [], parts: {} };
  if (wanted('fifo')) rows.push(...(await fifo({ progress })));
  for (const part of (Object.keys(parts) as PartName[]).filter(wanted))
    for (const engine of quick ? enginesInShort(part) : engines) {
      if (seconds() < LONGEST[quick ? 'quick' : 'whole'])
        rows.push(...(await onEngine(engine, part, { quick, progress })));
      else leftOut.push(`${part}, ${engine}`);
    }
  const run: Run = { date: new Date().toISOString().slice(0, 10), quick, rows };
  const written = `${JSON.stringify(run, null, 2)}\n`;
  writeFileSync(json, written);
  console.log(textOf(rows));
  if (leftOut.length > 0) console.log(`\nleft out because of the time limit: ${leftOut.join('; ')}`);
  if (write && leftOut.length > 0) throw new Error('--write needs a complete run');
  if (write) {
    writeFileSync(docs('performance.json'), written);
    writeFileSync(docs('performance.md'), withRun(readFileSync(docs('performance.md'), 'utf8'), run, made));
  }
  const committed: Row[] = JSON.parse(readFileSync(docs('performance.json'), 'utf8')).rows;
  const off = rows.filter((row) => (worseBy(row, committed) ?? 0) > TOLERATED);
  console.log(`\n${rows.length} figures in ${json}; ${off.length} off by more than ${TOLERATED} times`);
  for (const { what, engine } of off) console.log(`  ${what}${engine ? `, ${engine}` : ''}`);
  if (off.length > 0) process.exitCode = 1;
}

async function onEngine(
  engine: EngineName,
  part: PartName,
  { quick, progress }: { quick: boolean; progress: (what: string) => void },
): Promise<Row[]> {
  const rows: Row[] = [];
  const child = fork(fileURLToPath(new URL('on-engine.ts', import.meta.url)), [engine, part, quick ? 'quick' : '']);
  let problem = '';
  child.on('message', (message: WorkerMessage) => {
    if ('row' in message) rows.push(message.row);
    else if ('doing' in message) progress(`${part}, ${engine}: ${message.doing}`);
    else problem = message.failed;
  });
  await once(child, 'exit');
  if (problem) throw new Error(`${part}, ${engine}: ${problem}`);
  return rows;
}
