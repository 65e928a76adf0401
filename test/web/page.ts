import axe from 'axe-core';
import type { Page, Request } from 'playwright-core';
import { expect, vi } from 'vitest';
import { type Send, sendTo } from '../../cli/service/send.ts';
import { type StartProcess, startProcess } from '../local/start-process.ts';
import { startBrowser } from '../support/browser.ts';
import { migratedUrl } from '../support/database.ts';

export interface Look {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
}

export interface OpenedPage {
  readonly page: Page;
  /** Goes to a view, by its address without `#/`, and waits until everything in it has arrived. */
  readonly show: (view: string) => Promise<void>;
  /** What the browser complained about. */
  readonly complaints: string[];
}

/** Runs `npm start` on a new database, and opens its page in a real browser. The caller stops it. */
export async function startPage() {
  const service: StartProcess = startProcess({ DATABASE_URL: await migratedUrl(), WEEKLY_REVIEW: 'off' });
  const browser = await startBrowser();
  const stop = async (): Promise<void> => {
    service.killGroup('SIGKILL');
    await service.ended;
  };
  const { api } = await service.ready;
  const address = /^Page +(http\S+)$/m.exec(service.output())?.[1] ?? '';
  const send: Send = sendTo({ url: api, stack: undefined, region: undefined });

  async function open({ width = 1280, scheme = 'light' }: Look = {}): Promise<OpenedPage> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    watch(page);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => {
      complaints.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    await page.goto(address);
    const show = async (view: string) => {
      await page.evaluate(`location.hash = ${JSON.stringify(`#/${view}`)}`);
      await arrived(page);
    };
    await arrived(page);
    return { page, show, complaints };
  }

  /** A body of the API. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses like callers, without types
  const get = async (path: string): Promise<any> => (await send(path)).json();
  const post = async (path: string, body: unknown) => {
    const response = await send(path, body);
    const answer = await response.json();
    expect(response.status, JSON.stringify(answer)).toBeLessThan(300);
    return answer;
  };
  return { service, send, open, get, post, stop };
}

/** Waits until a view has its data and its charts. */
export async function arrived(page: Page): Promise<void> {
  await until(
    page,
    `!!document.querySelector('main h1') && !document.querySelector('main .loading') &&
     [...document.querySelectorAll('.chart > div')].every((chart) => chart.firstChild)`,
  );
  // What has arrived may ask for more: three times in a row, nothing is on its way.
  let idle = 0;
  await vi.waitUntil(
    () => {
      idle = asked.get(page)?.size === 0 ? idle + 1 : 0;
      return idle >= 3;
    },
    { timeout: 45_000, interval: 30 },
  );
}

/** The calls of each page that are on their way. */
const asked = new WeakMap<Page, Set<Request>>();

function watch(page: Page): void {
  const calls = new Set<Request>();
  asked.set(page, calls);
  page.on('request', (request) => calls.add(request));
  page.on('requestfinished', (request) => calls.delete(request));
  page.on('requestfailed', (request) => calls.delete(request));
}

/** Waits until an expression is true in the page. The page's policy forbids what `waitForFunction` does. */
export async function until(page: Page, expression: string): Promise<void> {
  await vi.waitUntil(() => page.evaluate(expression), { timeout: 45_000, interval: 50 });
}

/** Elements that reach beyond the window, unless they scroll by themselves. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('body *')]
    .filter((each) => !each.closest('.scroll, svg, .unseen, dialog:not([open])'))
    .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
    .map((each) => each.outerHTML.slice(0, 160))`);

/** What axe finds. */
export async function findings(page: Page): Promise<string[]> {
  if (await page.evaluate('!window.axe')) await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run(document, { iframes: false })')) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
}
