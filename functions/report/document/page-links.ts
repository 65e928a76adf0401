import type { Report } from '../contract.ts';
import type { Section } from '../sections.ts';
import type { Block } from './blocks.ts';

type Where = Pick<Report, 'dashboard_url' | 'date'>;

/** Links to what the page has of a bot: its test or its comparison, and the trades of the day. None without a page. */
export function linksTo({ bot_id, experiments: [test] }: Section, { dashboard_url, date }: Where): Block[] {
  if (dashboard_url === null) return [];
  const to = (view: string, more: Readonly<Record<string, string>> = {}) =>
    `${dashboard_url}/#/${view}?${new URLSearchParams({ bot: bot_id, ...more })}`;
  const decision = test
    ? { text: 'See the test', href: to('experiments', { experiment: test.experiment_id }) }
    : { text: 'Compare the settings', href: to('compare') };
  return [{ type: 'links', links: [decision, { text: 'The trades of the day', href: to('days', { day: date }) }] }];
}
