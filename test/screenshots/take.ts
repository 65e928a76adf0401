import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { playAlternatingTest } from '../../cli/demo/alternating.ts';
import { playFortnight } from '../../cli/demo/fortnight.ts';
import { failed } from '../../cli/failure.ts';
import { sendTo } from '../../cli/service/send.ts';
import { startService } from '../../local/service.ts';
import { localSettings } from '../../local/settings.ts';
import { chromiumOptions } from '../support/chromium.ts';

const HELP = `npm run screenshots: renders the pictures in docs/ again, from the two weeks of the demo.

It needs a Chromium: the one in the PATH, or CHROMIUM=<path>.`;

/** Width in CSS pixels: a mail shown next to a list of mails. */
const WIDTH = 640;

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) console.log(HELP);
  else await main();
} catch (error) {
  failed(error);
}

async function main(): Promise<void> {
  const options = chromiumOptions();
  if (options === null) throw new Error('there is no Chromium in the PATH: CHROMIUM=<path> names one');
  const directory = await mkdtemp(join(tmpdir(), 'strategy-snapshots-charts-'));
  const settings = { ...localSettings({}), PORT: 0, INBOX_PORT: 0, DATA_DIR: directory, LOG_LEVEL: 'SILENT' as const };
  const service = await startService(settings, (step) => console.log(`… ${step}`));
  try {
    console.log('… playing a fortnight');
    const send = sendTo({ url: service.url, stack: undefined, region: undefined });
    const midnight = Date.parse(new Date().toISOString().slice(0, 10));
    await playFortnight(send, midnight, () => {});
    const browser = await chromium.launch(options);
    try {
      const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 } });
      for (const [kind, name] of [
        ['daily', 'daily-report'],
        ['weekly', 'weekly-review'],
      ]) {
        const path = fileURLToPath(new URL(`../../docs/${name}.png`, import.meta.url));
        await page.goto(`${service.url}/report?kind=${kind}`, { waitUntil: 'load' });
        await page.screenshot({ path, fullPage: true });
        console.log(`docs/${name}.png`);
      }
      // The page shows a second bot too, which tests a change.
      await playAlternatingTest(send, midnight);
      await takePage(browser, service.pageUrl);
    } finally {
      await browser.close();
    }
  } finally {
    await service.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** The page: its overview, and a test. */
async function takePage(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1080, height: 700 } });
  await page.goto(url, { waitUntil: 'networkidle' });
  for (const [view, name] of [
    ['overview?bot=default', 'page-overview'],
    ['experiments?bot=alternating', 'page-experiment'],
  ]) {
    await page.evaluate(`location.hash = '#/${view}'`);
    await page.waitForTimeout(1500);
    await page.screenshot({ path: fileURLToPath(new URL(`../../docs/${name}.png`, import.meta.url)) });
    console.log(`docs/${name}.png`);
  }
}
