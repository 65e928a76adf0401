import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../../functions/report/document/table.ts';
import { failed } from '../../infra/local/failed.ts';
import { missedBy, type Row } from './measure.ts';
import type { Told } from './on-engine.ts';
import { bundles } from './parts/bundles.ts';
import { type PartName, parts } from './parts/parts.ts';
import { type EngineName, engines } from './place.ts';

const HELP = `npm run bench: how fast it is, as ratios to what is measured in the same run, on both engines.

  --quick        less data: under two minutes instead of ten
  --json FILE    where the figures go as JSON (bench-results.json)

It ends with 1 when a figure is off its target by more than twice.`;

/** The machine may be shared: what is off by less may be its neighbours. */
const TOLERATED = 2;

try {
  const options = {
    help: { type: 'boolean', short: 'h' },
    quick: { type: 'boolean' },
    json: { type: 'string' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) console.log(HELP);
  else await main(values.quick ?? false, values.json ?? 'bench-results.json');
} catch (error) {
  failed(error);
}

async function main(quick: boolean, file: string): Promise<void> {
  const began = performance.now();
  const said = (what: string) =>
    console.error(`${`${Math.round((performance.now() - began) / 1000)} s`.padStart(6)}  ${what}`);
  const rows = await bundles({ quick, said });
  for (const part of Object.keys(parts) as PartName[])
    for (const engine of engines) rows.push(...(await onEngine(engine, part, { quick, said })));
  writeFileSync(file, `${JSON.stringify({ quick, rows }, null, 2)}\n`);
  console.log(tableOf(rows));
  const off = rows.filter((row) => (missedBy(row) ?? 0) > TOLERATED);
  console.log(`\n${rows.length} figures in ${file}; ${off.length} off their targets by more than ${TOLERATED} times`);
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

function tableOf(rows: readonly Row[]): string {
  const number = (value: number) => value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
  const head = ['What', 'Engine', 'Figure', 'Against', 'Ratio', 'Target', ''];
  const cells = rows.map((row) => {
    const { what, engine, value, unit, against, ratio, target } = row;
    const missed = missedBy(row);
    return [
      what,
      engine ?? '–',
      `${number(value)} ${unit}`,
      against ? `${number(against.value)} ${unit}: ${against.what}` : '–',
      ratio === null ? '–' : number(ratio),
      target
        ? [target.least === undefined ? '' : `≥ ${target.least}`, target.most === undefined ? '' : `≤ ${target.most}`]
            .filter(Boolean)
            .join(', ')
        : '–',
      missed === null ? '' : missed <= 1 ? 'holds' : `off, × ${number(missed)}`,
    ];
  });
  return table([head, ...cells], { alignRight: [2, 4] });
}
