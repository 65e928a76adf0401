import { type Browser, chromium } from 'playwright-core';
import { afterAll } from 'vitest';
import { chromiumOptions } from './chromium.ts';

export const hasBrowser = chromiumOptions() !== null;

/** Starts a headless browser, which is closed after the test file. */
export async function startBrowser(): Promise<Browser> {
  const browser = await chromium.launch(chromiumOptions() ?? {});
  afterAll(() => browser.close());
  return browser;
}
