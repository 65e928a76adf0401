import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareStrategies } from '../../functions/comparison/contract.ts';
import type { Experiment } from '../../functions/experiments/contract.ts';
import { shortId } from '../../functions/formatting.ts';
import { cardTable } from '../../functions/report/document/as-text.ts';
import { armsOf } from '../../functions/report/document/format.ts';
import { cardOf } from '../../functions/report/document/strategies.ts';
import { settingsInEnvironment, untilInterrupted, withService } from '../local-service.ts';
import { type Api, apiBy } from '../service/api.ts';
import { sendTo } from '../service/send.ts';
import type { Terminal } from '../terminal.ts';
import { playAlternatingTest } from './alternating.ts';
import { FORTNIGHT_DAYS, playFortnight } from './fortnight.ts';

/** Plays the fortnight on a database that is removed afterwards, and shows the result. */
export async function runDemo(once: boolean, terminal: Terminal): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-demo-'));
  try {
    const settings = {
      ...settingsInEnvironment(),
      DATA_DIR: directory,
      DATABASE_URL: undefined,
      TRADING_TIME_ZONE: 'UTC',
      LOG_LEVEL: 'SILENT' as const,
    };
    const { out, progress } = terminal;
    await withService(settings, terminal, async ({ url, pageUrl, inboxUrl }, signal) => {
      const send = sendTo({ url, stack: undefined, region: undefined }, signal);
      const today = Date.parse(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`);
      await playFortnight(send, today, (done, detail) =>
        progress({ what: 'Playing a fortnight', done, total: FORTNIGHT_DAYS, unit: 'days', detail }),
      );
      const test = await playAlternatingTest(send, today);
      out(await comparisonText(apiBy(send)));
      out(alternatingText(test));
      out(`
The mail to ${settings.REPORT_RECIPIENTS.join(', ')}: ${inboxUrl}
The report: ${url}/report
The page: ${pageUrl}`);
      if (once) return;
      out('\nStop with Ctrl-C.');
      await untilInterrupted(signal);
    });
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The verdict of the alternating test, next to the one of before and after. */
const alternatingText = ({ experiment_id, verdict }: Experiment): string => `
The same question as an alternating test, of ${verdict.pairs.with_trades} pairs of days in which a coin decides what comes first:
Verdict: ${verdict.summary}
More: npx --no strategy experiment show ${shortId(experiment_id)} --bot ${verdict.baseline.bot_id}`;

async function comparisonText(api: Api): Promise<string> {
  const { strategies, verdict } = (await api(compareStrategies)).body;
  const notes = verdict ? [...armsOf(verdict), ...Object.values(verdict.label_notes)] : [];
  return `
${cardTable(strategies.toReversed().map(cardOf))}

Verdict: ${verdict?.summary}
${notes.map((note) => `  - ${note}`).join('\n')}`;
}
