import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { failed } from '../../cli/failure.ts';
import { type Row, worseBy } from './measure.ts';
import type { Told } from './on-engine.ts';
import { type Run, textOf, withRun } from './page.ts';
import { bundles } from './parts/bundles.ts';
import { type PartName, parts } from './parts/parts.ts';
import { type EngineName, engines } from './place.ts';

const HELP = `npm run bench: how fast it is, as ratios to what is measured in the same run, on both engines.

  --quick        less data, for two minutes at most instead of ten; what has not begun by then is left out, and named
  --only PART    one part alone: bundles, ${Object.keys(parts).join(', ')}
  --json FILE    where the figures go as JSON (bench-results.json)
  --write        writes them to docs/performance.json and docs/performance.md as well, with what bundles are made of and what
                 a day costs; of a whole run only

It ends with 1 when a figure is off its target by more than twice; where the committed run misses the target as well, when it is more
than twice as bad as that.`;

/** When no other part begins, in seconds. */
const LONGEST = { quick: 120, whole: 600 };

/** The machine may be shared: what is off by less may be its neighbours. */
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

/** In a short run both have what bots wait for. */
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
  if (only !== undefined && only !== 'bundles' && !(only in parts)) throw new Error(`there is no part ${only}: --help`);
  if (only !== undefined && write) throw new Error('--write wants a whole run, without --only');
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const said = (what: string) => console.error(`${`${seconds()} s`.padStart(6)}  ${what}`);
  const wanted = (part: string) => only === undefined || only === part;
  const leftOut: string[] = [];
  const { rows, parts: made } = wanted('bundles') ? await bundles({ quick, said }) : { rows: [], parts: {} };
  for (const part of (Object.keys(parts) as PartName[]).filter(wanted))
    for (const engine of quick ? enginesInShort(part) : engines) {
      if (seconds() < LONGEST[quick ? 'quick' : 'whole']) rows.push(...(await onEngine(engine, part, { quick, said })));
      else leftOut.push(`${part}, ${engine}`);
    }
  const run: Run = { date: new Date().toISOString().slice(0, 10), quick, rows };
  const written = `${JSON.stringify(run, null, 2)}\n`;
  writeFileSync(json, written);
  console.log(textOf(rows));
  if (leftOut.length > 0) console.log(`\nleft out, since it took too long: ${leftOut.join('; ')}`);
  if (write && leftOut.length > 0) throw new Error('--write wants a whole run');
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
  { quick, said }: { quick: boolean; said: (what: string) => void },
): Promise<Row[]> {
  const rows: Row[] = [];
  const child = fork(fileURLToPath(new URL('on-engine.ts', import.meta.url)), [engine, part, quick ? 'quick' : '']);
  let problem = '';
  child.on('message', (told: Told) => {
    if ('row' in told) rows.push(told.row);
    else if ('doing' in told) said(`${part}, ${engine}: ${told.doing}`);
    else problem = told.failed;
  });
  await once(child, 'exit');
  if (problem) throw new Error(`${part}, ${engine}: ${problem}`);
  return rows;
}
