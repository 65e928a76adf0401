import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import type { Strategy } from '../../functions/comparison/contract.ts';
import type { Verdict } from '../../functions/comparison/verdict/contract.ts';
import { cardTable } from '../../functions/report/document/as-text.ts';
import { armsOf } from '../../functions/report/document/format.ts';
import { cardOf } from '../../functions/report/document/strategies.ts';
import { type LocalService, startService } from '../../local/service.ts';
import { localSettings } from '../../local/settings.ts';
import { untilStopped } from '../../local/until-stopped.ts';
import { failed } from '../failed.ts';
import { callApi } from './client.ts';
import { FORTNIGHT_DAYS, playFortnight } from './fortnight.ts';

const HELP = `npm run demo: plays a fortnight of trading on a fresh database, shows what came of it, and stays up until stopped.

  npm run demo -- --once   ends when done
  PORT, INBOX_PORT         the ports of the API (3000) and the inbox (8005)`;

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, once: { type: 'boolean' } } });
  if (values.help) console.log(HELP);
  else await main(values.once ?? false);
} catch (error) {
  failed(error);
}

async function main(once: boolean): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-demo-'));
  try {
    const settings = {
      ...localSettings(process.env),
      DATA_DIR: directory,
      DATABASE_URL: undefined,
      TRADING_TIME_ZONE: 'UTC',
      LOG_LEVEL: 'SILENT' as const,
    };
    const service = await startService(settings, (step) => console.log(`… ${step}`));
    try {
      await play(service.url);
      await show(service, settings.REPORT_RECIPIENTS);
    } catch (error) {
      await service.stop();
      throw error;
    }
    if (once) return await service.stop();
    const stopped = untilStopped(service);
    console.log('\nStays up until stopped with Ctrl-C.');
    await stopped;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function play(api: string): Promise<void> {
  const bar = new SingleBar({
    format: 'Playing a fortnight {bar} {value}/{total} days  {what}',
    noTTYOutput: true,
    notTTYSchedule: 1000,
    linewrap: null,
  });
  bar.start(FORTNIGHT_DAYS, 0, { what: '' });
  const today = Date.parse(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`);
  await playFortnight(api, today, (day, what) => bar.update(day, { what: what.padEnd(20) }));
  bar.stop();
}

async function show({ url, inboxUrl }: LocalService, recipients: readonly string[]): Promise<void> {
  const { strategies, verdict } = await callApi<{ strategies: Strategy[]; verdict: Verdict | null }>(
    `${url}/comparison`,
    'GET',
  );
  console.log(`\n${cardTable(strategies.toReversed().map(cardOf))}`);
  console.log(`\nVerdict: ${verdict?.summary}`);
  const notes = verdict ? [...armsOf(verdict), ...Object.values(verdict.label_notes)] : [];
  for (const note of notes) console.log(`  - ${note}`);
  console.log(`
The mail to ${recipients.join(', ')}: ${inboxUrl}
The report: ${url}/report`);
}
