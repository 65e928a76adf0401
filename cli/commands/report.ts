import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getReport } from '../../functions/report/contract.ts';
import { openInBrowser } from '../browser.ts';
import { command } from '../command.ts';
import { wrappedText } from '../screen.ts';

export const report = command({
  summary: 'the report of a day, as it is mailed',
  options: {
    date: { type: 'string', value: '<day>', help: 'such as 2026-11-22; by default the last complete trading day' },
    kind: { type: 'string', value: '<kind>', help: 'daily, or weekly for the review of the seven days up to it' },
    open: { type: 'boolean', help: 'as a page in the browser, with its pictures; where there is none, in a file' },
  },
  async run({ bot_id, options: { date, kind = 'daily', open }, json }, { api, width }) {
    const format = json ? 'json' : open ? 'html' : 'text';
    const { body: answer } = await api(getReport, { query: { bot_id, date, kind, format } });
    if (json || !open) return { answer, shown: wrappedText(String(answer), width) };
    const file = join(await mkdtemp(join(tmpdir(), 'strategy-report-')), `${kind}-report.html`);
    // It tells what somebody earns.
    await writeFile(file, String(answer), { mode: 0o600 });
    const opened = await openInBrowser(file);
    return { answer, shown: opened ? `Opened ${file}` : `No browser is here: the report is in ${file}` };
  },
});
